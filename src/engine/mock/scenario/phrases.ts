import { grouped } from '../../../shared/grouped.ts';
import { durationWords } from './duration.ts';
import { amountWords, breaks, chunkWords, contentWords, faultWords, joined, paceWords } from './explainWords.ts';
import type { Content, ScenarioNode } from './model.ts';

/** One thing that happens in a body, in words. Behind a break or what goes on forever there is nothing. */
export interface Phrase {
  readonly kind: 'said' | 'break' | 'forever';
  readonly words: string;
}

/** A silence of its own; a shorter one is the pace of what is around it. */
const silenceMillis = 1_000;

type SendNode = Extract<ScenarioNode, { readonly kind: 'send' }>;
type RepeatNode = Extract<ScenarioNode, { readonly kind: 'repeat' }>;

/** What a list of steps does, in order; sends of one kind in a row are told together. */
export function phrasesOf(nodes: readonly ScenarioNode[]): readonly Phrase[] {
  const telling = new Telling();
  for (const node of nodes) telling.add(node);
  return telling.finish();
}

class Telling {
  readonly #phrases: Phrase[] = [];
  #run: { readonly first: SendNode; count: number; millis: number } | null = null;
  /** Short silence since the last send. */
  #waitedMillis = 0;

  add(node: ScenarioNode): void {
    switch (node.kind) {
      case 'send':
        this.#send(node);
        return;
      case 'wait': {
        const { usual } = node.millis;
        if (usual !== null && usual < silenceMillis) this.#waitedMillis += usual;
        else
          this.#say('said', usual === null ? 'a silence' : `a silence of ${amountWords(node.millis, durationWords)}`);
        return;
      }
      case 'repeat': {
        const phrase = repeatPhrase(node);
        if (phrase !== null) this.#say(phrase.kind, phrase.words);
        return;
      }
      case 'fault':
        this.#say(breaks(node.fault) ? 'break' : 'said', faultWords(node.fault));
        return;
      case 'end':
        return;
    }
  }

  finish(): readonly Phrase[] {
    this.#close();
    if (this.#waitedMillis > 0)
      this.#phrases.push({ kind: 'said', words: `a silence of ${durationWords(this.#waitedMillis)}` });
    return this.#phrases;
  }

  #send(node: SendNode): void {
    const run = this.#run;
    if (run !== null && isAlike(run.first, node)) {
      run.count++;
      run.millis += this.#waitedMillis;
      this.#waitedMillis = 0;
      return;
    }
    if (this.#waitedMillis > 0) this.#say('said', `a silence of ${durationWords(this.#waitedMillis)}`);
    this.#close();
    this.#run = { first: node, count: 1, millis: 0 };
    this.#waitedMillis = 0;
  }

  #say(kind: Phrase['kind'], words: string): void {
    this.#close();
    this.#waitedMillis = 0;
    this.#phrases.push({ kind, words });
  }

  #close(): void {
    if (this.#run === null) return;
    const { first, count, millis } = this.#run;
    const over = millis > 0 ? ` over ${durationWords(millis)}` : '';
    this.#phrases.push({ kind: 'said', words: sendWords(first, grouped(count), count, over) });
    this.#run = null;
  }
}

function isAlike(a: SendNode, b: SendNode): boolean {
  return a.content.kind === b.content.kind && a.pace === b.pace && a.chunks === b.chunks;
}

function repeatPhrase({ times, nodes }: RepeatNode): Phrase | null {
  const kind = times === null ? 'forever' : 'said';
  const [only] = nodes;
  if (nodes.length === 1 && only?.kind === 'send') {
    if (times === null) return { kind, words: sendWords(only, null, null, '', ' without end') };
    const count = times.usual;
    if (count === 0 && times.knob === null) return null;
    const behind = times.knob === null ? '' : ` (${times.knob})`;
    return { kind, words: sendWords(only, count === null ? 'as many' : grouped(count), count, '', behind) };
  }
  const inner = phrasesOf(nodes);
  const last = inner.at(-1);
  const all = joined(inner.map((phrase) => phrase.words));
  const words = inner.length > 1 ? `(${all})` : all;
  // What breaks in the first pass never has a second.
  if (last?.kind === 'break') return { kind: 'break', words: all };
  if (times === null || last?.kind === 'forever') return { kind: 'forever', words: `again and again ${words}` };
  return { kind, words: `${timesWords(amountWords(times, grouped), times.usual)} ${words}` };
}

function timesWords(count: string, usual: number | null): string {
  if (usual === 1) return 'once';
  return `${count} times`;
}

/** @param count null: without end */
function sendWords(
  { content, pace, chunks }: { readonly content: Content } & SendNode,
  counted: string | null,
  count: number | null,
  over: string,
  behind = '',
): string {
  const isOne = count === 1;
  const what = contentWords(content, isOne ? null : counted, isOne);
  const style = [paceWords(pace, chunks, isOne), chunkWords(chunks)].filter((words) => words !== '').join(', ');
  return `${what}${behind}${over}${style === '' ? '' : ` ${style}`}`;
}
