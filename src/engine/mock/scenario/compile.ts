import { assertNever } from '../../../shared/assertNever.ts';
import type { ScenarioProblem } from '../../../shared/mock.ts';
import { scenarioLimits, type ScenarioDocument, type ScenarioStepDocument } from '../../../shared/scenario.ts';
import { parseMockFault, type MockFault } from '../faults/parseFaults.ts';
import { constantAmount, durationAmount, type KnownNames, numberAmount } from './amounts.ts';
import { compileChunks, compilePace } from './compilePacing.ts';
import { compileHead, headersFor } from './compileHead.ts';
import { compileKnobs } from './compileKnobs.ts';
import type { Chunking } from './chunking.ts';
import { sentContent, templateContent } from './content.ts';
import type { Amount } from './amount.ts';
import type { Scenario, ScenarioHead, ScenarioNode } from './model.ts';
import type { Pace } from './pacing.ts';
import type { DocumentPath, SourceText } from './sourceText.ts';

/** 1 January 2026: any fixed day would do, because the same seed has to give the same bytes. */
const defaultClock = '2026-01-01T00:00:00Z';

/** What a step takes over from what is around it. */
interface Surroundings {
  readonly names: KnownNames;
  readonly pace: Pace;
  readonly chunks: Chunking;
  readonly nesting: number;
}

/** Makes a document that has the right form one that can be performed, or says what speaks against it. */
export function compileScenario(
  document: ScenarioDocument,
  source: SourceText,
):
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] } {
  const compiler = new Compiler(source, document);
  const scenario = compiler.scenario(document);
  return compiler.problems.length === 0 ? { ok: true, scenario } : { ok: false, problems: compiler.problems };
}

class Compiler {
  readonly problems: ScenarioProblem[] = [];
  readonly #source: SourceText;
  readonly #faults: MockFault[] = [];
  readonly #headDelay: Amount[] = [];
  #head: ScenarioHead | null = null;
  /** Its headers are the document's own. */
  #hasHeaders = false;
  #headCanCome = true;
  /** A head is still to come: waits before it delay it. */
  #headFollows: boolean;
  #steps = 0;

  constructor(source: SourceText, document: ScenarioDocument) {
    this.#source = source;
    this.#headFollows = document.steps.some((step) => typeof step === 'object' && 'head' in step);
  }

  scenario(document: ScenarioDocument): Scenario {
    const knobs = compileKnobs(document.knobs ?? {}, document.seed ?? 1, this.#at(['knobs']));
    const names = new Map(Object.entries(knobs).map(([name, knob]) => [name, knob.fallback]));
    const outer: Surroundings = {
      names,
      pace: compilePace(document.pace ?? 0, names, this.#at(['pace'])),
      chunks: compileChunks(document.chunks ?? 'whole', names, this.#at(['chunks'])),
      nesting: 0,
    };
    const clockMillis = Date.parse(document.clock ?? defaultClock);
    if (Number.isNaN(clockMillis)) this.#say(['clock'], 'This is no time: write 2026-01-31T12:00:00Z.', defaultClock);
    const nodes = this.#list(document.steps, ['steps'], outer);
    const head = this.#head ?? compileHead({}, () => undefined);
    return {
      title: document.title ?? '',
      method: document.method ?? 'GET',
      path: document.path ?? null,
      seed: document.seed ?? 1,
      clockMillis: Number.isNaN(clockMillis) ? 0 : clockMillis,
      knobs,
      readsQuery: /\b(?:query|prompt)\s*\(/.test(JSON.stringify(document.steps)),
      headDelay: this.#headDelay,
      head: this.#hasHeaders ? head : { ...head, headers: headersFor(nodes) },
      nodes,
      faults: this.#faults,
    };
  }

  #say(path: DocumentPath, message: string, suggestion: string | null = null, what: 'key' | 'value' = 'value'): void {
    this.problems.push(this.#source.problemAt(path, what, message, suggestion));
  }

  #at(path: DocumentPath): (inner: DocumentPath, message: string, suggestion?: string | null) => void {
    return (inner, message, suggestion = null) => this.#say([...path, ...inner], message, suggestion);
  }

  #list(steps: readonly ScenarioStepDocument[], path: DocumentPath, around: Surroundings): readonly ScenarioNode[] {
    const nodes: ScenarioNode[] = [];
    for (const [i, step] of steps.entries()) {
      if (++this.#steps === scenarioLimits.steps + 1) {
        this.#say([...path, i], `More than ${String(scenarioLimits.steps)} steps are not performed.`);
      }
      const node = this.#step(step, [...path, i], around);
      if (node === null) continue;
      nodes.push(node);
      const isOver = node.kind === 'end' || (node.kind === 'repeat' && node.times === null);
      if (isOver && i < steps.length - 1) {
        const why = node.kind === 'end' ? 'Nothing behind end is sent.' : 'What repeats forever has nothing behind it.';
        this.#say([...path, i + 1], why);
        return nodes;
      }
    }
    return nodes;
  }

  /** Null: it is no part of the body. */
  #step(step: ScenarioStepDocument, path: DocumentPath, around: Surroundings): ScenarioNode | null {
    if (step === 'end' || 'end' in step) return { kind: 'end' };
    if ('head' in step) {
      if (!this.#headCanCome || around.nesting > 0) {
        this.#say(
          [...path, 'head'],
          'The head comes once and first; only waits and faults may stand before it.',
          null,
          'key',
        );
        return null;
      }
      this.#headCanCome = false;
      this.#headFollows = false;
      this.#hasHeaders = step.head.headers !== undefined;
      this.#head = compileHead(step.head, this.#at([...path, 'head']));
      return null;
    }
    if ('wait' in step) {
      const millis = durationAmount(step.wait, around.names, this.#complain([...path, 'wait']));
      if (!this.#headFollows) return { kind: 'wait', millis };
      this.#headDelay.push(millis);
      return null;
    }
    if ('fault' in step) return this.#fault(step.fault, [...path, 'fault']);
    this.#headCanCome = false;
    const pace =
      step.pace !== undefined ? compilePace(step.pace, around.names, this.#at([...path, 'pace'])) : around.pace;
    const chunks =
      step.chunks !== undefined
        ? compileChunks(step.chunks, around.names, this.#at([...path, 'chunks']))
        : around.chunks;
    if ('send' in step) {
      const content = sentContent(step.send);
      if (content === null) this.#say([...path, 'send', 'base64'], 'This is no base64.');
      return content === null ? null : { kind: 'send', content, pace, chunks };
    }
    if ('template' in step) {
      const names = [...around.names.keys()];
      const content = templateContent(step.template, names, this.#at([...path, 'template']));
      return { kind: 'send', content, pace, chunks };
    }
    if ('repeat' in step) return this.#repeat(step, path, { ...around, pace, chunks });
    return assertNever(step, 'step');
  }

  #complain(path: DocumentPath): (message: string, suggestion: string | null) => void {
    return (message, suggestion) => this.#say(path, message, suggestion);
  }

  #fault(text: string, path: DocumentPath): ScenarioNode | null {
    const read = parseMockFault(text.trim());
    if (!read.ok) {
      this.#say(path, read.message, read.suggestion);
      return null;
    }
    const fault = read.value;
    const effect = fault.definition.effect(fault.argument, fault.place);
    if (effect.kind === 'body' && !text.includes('@')) {
      return { kind: 'fault', fault };
    }
    this.#faults.push(fault);
    return null;
  }

  #repeat(
    step: Extract<ScenarioStepDocument, { readonly repeat: number | string }>,
    path: DocumentPath,
    around: Surroundings,
  ): ScenarioNode {
    const counter = step.as ?? 'i';
    const nesting = around.nesting + 1;
    if (nesting === scenarioLimits.nesting + 1) {
      this.#say(
        [...path, 'repeat'],
        `More than ${String(scenarioLimits.nesting)} repeats inside each other are not performed.`,
        null,
        'key',
      );
    }
    if (around.names.get(counter) !== undefined && around.names.get(counter) !== null) {
      this.#say([...path, 'as'], `There is a knob "${counter}" already: give the counter another name.`);
    }
    const range = { least: 0, most: scenarioLimits.times };
    const times =
      step.repeat === 'forever'
        ? null
        : numberAmount(step.repeat, range, around.names, this.#repeatComplaint(step.repeat, path));
    const wide = { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };
    const from =
      step.from === undefined
        ? constantAmount(1)
        : numberAmount(step.from, wide, around.names, this.#complain([...path, 'from']));
    const names = new Map(around.names).set(counter, null);
    const nodes = this.#list(step.steps, [...path, 'steps'], { ...around, names, nesting });
    if (!nodes.some((node) => node.kind !== 'fault')) {
      this.#say([...path, 'steps'], 'Nothing is sent in this repeat.', null, 'key');
    }
    return { kind: 'repeat', times, from, counter, nodes };
  }

  #repeatComplaint(written: number | string, path: DocumentPath): (message: string, suggestion: string | null) => void {
    return (message, suggestion) =>
      typeof written === 'string' && !written.includes('{{')
        ? this.#say(
            [...path, 'repeat'],
            `repeat is a whole number, "forever" or "{{n}}", not ${JSON.stringify(written)}.`,
            /^f/i.test(written) ? 'forever' : null,
          )
        : this.#say([...path, 'repeat'], message, suggestion);
  }
}
