import { assertNever } from '../../shared/assertNever.ts';
import type { DiagnosticDetails } from '../diagnostics/rule.ts';
import { DeltaIndex, deltaKindOf } from './deltaIndex.ts';
import type { Delta, ErrorDelta, FinishDelta, TextChannel, TextDelta, ToolDelta, UsageDelta } from './delta.ts';
import { MessageBudget, Pieces } from './pieces.ts';
import { AssembledCall } from './toolCall.ts';

/** Things of one sort that are listed one by one; beyond, they are only counted. */
const listedAtMost = 10_000;
/** Answers that are kept apart; deltas of further ones are counted as theirs and not kept. */
const choicesAtMost = 1_024;

/** Receives what is found wrong with the message. `frame` is null for what only the end of the stream tells. */
export type FindingSink = (code: string, frame: number | null, details: DiagnosticDetails) => void;

/** One answer of a stream: choice, candidate, completion. */
export class AssembledChoice {
  readonly index: number;
  readonly text: Pieces;
  readonly reasoning: Pieces;
  readonly refusal: Pieces;
  readonly calls: AssembledCall[] = [];
  finish: { readonly reason: string; readonly meaning: FinishDelta['meaning']; readonly frame: number } | null = null;
  readonly #spans: Readonly<Record<TextChannel, Map<number, Span>>> = {
    text: new Map(),
    reasoning: new Map(),
    refusal: new Map(),
  };
  /** The part that was written to last: almost always the next one, too. */
  #lastChannel: TextChannel = 'text';
  #lastPart = -1;
  #lastSpan: Span | undefined;

  constructor(index: number, budget: MessageBudget) {
    this.index = index;
    this.text = new Pieces(budget);
    this.reasoning = new Pieces(budget);
    this.refusal = new Pieces(budget);
  }

  pushText(frame: number, channel: TextChannel, part: number, text: string): void {
    const pieces = this[channel];
    if (this.#lastPart !== part || this.#lastChannel !== channel || this.#lastSpan === undefined) {
      this.#lastSpan = this.#spanOf(channel, part, pieces.length);
      this.#lastPart = part;
      this.#lastChannel = channel;
    }
    const span = this.#lastSpan;
    if (span.from + span.length === pieces.length) span.length += text.length;
    else span.length = NaN;
    pieces.push(frame, text);
  }

  /** The text of a part; undefined where it is not in one piece, or where none of it came. */
  textOfPart(channel: TextChannel, part: number): string | undefined {
    const span = this.#spans[channel].get(part);
    if (span === undefined || Number.isNaN(span.length)) return undefined;
    const pieces = this[channel];
    return span.from + span.length > pieces.length ? undefined : pieces.slice(span.from, span.from + span.length);
  }

  #spanOf(channel: TextChannel, part: number, from: number): Span {
    const spans = this.#spans[channel];
    const known = spans.get(part);
    if (known !== undefined) return known;
    const span: Span = { from, length: 0 };
    if (spans.size < listedAtMost) spans.set(part, span);
    return span;
  }
}

/** Where a part's text begins in its channel and how long it is; a length of NaN once another part came in between. */
interface Span {
  readonly from: number;
  length: number;
}

export interface AssembledError {
  readonly code: string | null;
  readonly message: string;
  readonly raw: unknown;
  readonly frame: number;
}

/**
 * Puts the deltas of one stream together to the message. Fed in the order of frames; the same deltas give the same
 * message, whenever it is looked at.
 *
 * Frames are kept beside everything, so that a word leads to its frame and a frame to its words.
 */
export class Assembly {
  readonly choices = new Map<number, AssembledChoice>();
  readonly calls: AssembledCall[] = [];
  readonly errors: AssembledError[] = [];
  readonly citations: { readonly choice: number; readonly frame: number; readonly citation: unknown }[] = [];
  readonly timings: { readonly name: string; readonly micros: number; readonly frame: number }[] = [];
  id: string | null = null;
  model: string | null = null;
  usage: { readonly delta: UsageDelta; readonly frame: number } | null = null;
  terminatorFrame: number | null = null;
  /** First and last frame with a non-empty piece of text, reasoning, refusal or tool call; −1 for none. */
  firstContentFrame = -1;
  lastContentFrame = -1;
  /** The first such frame that is not reasoning. */
  firstOutputFrame = -1;
  /** The last frame that was decoded; −1 for none. */
  lastFrame = -1;
  /** Length of the payload of the frame that is being added: what keeping a value of it may cost. */
  frameUnits = 0;
  /** Characters of media as they were sent. */
  mediaCharacters = 0;
  /** UTF-16 units of all content, arguments included. */
  contentUnits = 0;
  /** What each frame says, packed. */
  readonly index = new DeltaIndex();
  readonly #budget = new MessageBudget();
  readonly #onFinding: FindingSink;
  readonly #unknownNames = new Set<string>();
  readonly #errorKeys = new Set<string>();
  #mainChoice: AssembledChoice | undefined;

  constructor(onFinding: FindingSink) {
    this.#onFinding = onFinding;
  }

  /** @param n number of the frame that says it, not lower than the one before */
  add(n: number, delta: Delta): void {
    const kind = deltaKindOf(delta);
    if (kind !== 'none') this.index.note(n, kind);
    switch (delta.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        this.#addText(n, delta);
        return;
      case 'final':
        this.#compare(n, delta);
        return;
      case 'tool-start':
      case 'tool-arguments':
      case 'tool-end':
      case 'tool-result':
        this.#addTool(n, delta);
        return;
      case 'usage':
        this.usage = { delta, frame: n };
        return;
      case 'finish':
        this.#finish(n, delta);
        return;
      case 'meta':
        this.id ??= delta.id ?? null;
        this.model ??= delta.model ?? null;
        return;
      case 'error':
        this.#addError(n, delta);
        return;
      case 'citation':
        if (this.citations.length < listedAtMost && this.#mayKeep()) {
          this.citations.push({ choice: delta.choice, frame: n, citation: delta.citation });
        }
        return;
      case 'timing':
        this.#addTiming(n, delta.name, delta.micros);
        return;
      case 'media':
        this.mediaCharacters += delta.characters;
        return;
      case 'terminator':
        this.terminatorFrame ??= n;
        return;
      case 'unknown':
        this.#unknown(n, delta.name);
        return;
      case 'fault':
        this.#onFinding(delta.code, n, delta.details);
        return;
      case 'heartbeat':
      case 'event':
        return;
      default:
        assertNever(delta, 'a delta');
    }
  }

  choice(index: number): AssembledChoice | undefined {
    return this.choices.get(index);
  }

  #choiceOf(index: number): AssembledChoice {
    if (index === 0 && this.#mainChoice !== undefined) return this.#mainChoice;
    const known = this.choices.get(index);
    if (known !== undefined) return known;
    const choice = new AssembledChoice(index, this.#budget);
    if (this.choices.size < choicesAtMost) this.choices.set(index, choice);
    if (index === 0) this.#mainChoice = choice;
    return choice;
  }

  #content(n: number, isReasoning: boolean, units: number): void {
    if (units === 0) return;
    this.contentUnits += units;
    if (this.firstContentFrame < 0) this.firstContentFrame = n;
    if (!isReasoning && this.firstOutputFrame < 0) this.firstOutputFrame = n;
    this.lastContentFrame = n;
  }

  #toolContent(n: number, call: AssembledCall, units: number): void {
    this.index.noteContent(n, 'tool', units, call.arguments, call);
    this.#content(n, false, units);
  }

  #addText(n: number, delta: Exclude<TextDelta, { type: 'final' }>): void {
    const { type, text } = delta;
    const choice = this.#choiceOf(delta.choice);
    if (text === '') return;
    if (type === 'refusal' && choice.refusal.length === 0) this.#onFinding('ai/refusal', n, {});
    choice.pushText(n, type, delta.part, text);
    this.index.noteContent(n, type, text.length, choice[type], null);
    this.#content(n, type === 'reasoning', text.length);
  }

  #compare(n: number, { channel, choice, part, text }: Extract<TextDelta, { type: 'final' }>): void {
    const came = this.#choiceOf(choice).textOfPart(channel, part);
    if (came !== undefined && came !== text) {
      this.#onFinding('ai/final-text-differs', n, { at: firstDifference(came, text) });
    }
  }

  #addTool(n: number, delta: ToolDelta): void {
    if (delta.type === 'tool-start') {
      const known = this.calls[delta.call];
      if (known !== undefined) {
        known.learn(delta);
        return;
      }
      if (this.calls.length >= listedAtMost) return;
      const choice = this.#choiceOf(delta.choice);
      const call = new AssembledCall(delta, n, this.#budget);
      this.calls[delta.call] = call;
      choice.calls.push(call);
      this.#toolContent(n, call, delta.name?.length ?? 0);
      return;
    }
    const call = delta.call === null ? undefined : this.calls[delta.call];
    if (call === undefined) return;
    if (delta.type === 'tool-arguments') {
      call.arguments.push(n, delta.text);
      this.#toolContent(n, call, delta.text.length);
    } else if (delta.type === 'tool-end') {
      if (delta.status !== undefined) call.status = delta.status;
      call.endFrame ??= n;
      if (delta.arguments === undefined || call.hasFinalArguments) return;
      call.hasFinalArguments = true;
      if (call.arguments.length === 0) {
        call.arguments.push(n, delta.arguments);
        this.#toolContent(n, call, delta.arguments.length);
      } else if (call.arguments.text !== delta.arguments) {
        this.#onFinding('ai/final-text-differs', n, { at: firstDifference(call.arguments.text, delta.arguments) });
      }
    } else {
      call.resultFrame ??= n;
      if (this.#mayKeep()) call.result = delta.result;
    }
  }

  /** A value of the frame is to be kept as it came: true while the message may keep more, at the frame's cost. */
  #mayKeep(): boolean {
    if (this.#budget.left < this.frameUnits) return false;
    this.#budget.spend(this.frameUnits);
    return true;
  }

  #finish(n: number, { choice, reason, meaning }: FinishDelta): void {
    const assembled = this.#choiceOf(choice);
    const isNews = assembled.finish?.reason !== reason;
    assembled.finish = { reason, meaning, frame: n };
    if (!isNews) return;
    if (meaning === 'length') this.#onFinding('ai/cut-by-length', n, { reason });
    else if (meaning === 'filter') this.#onFinding('ai/content-filter', n, { reason });
    else if (meaning === 'refusal') this.#onFinding('ai/refusal', n, {});
  }

  #addError(n: number, { code, message, raw }: ErrorDelta): void {
    // Several events may report one error, some of them without its code.
    const key = message === '' ? `code ${code ?? ''}` : message;
    if (this.#errorKeys.has(key) || this.errors.length >= listedAtMost) return;
    this.#errorKeys.add(key);
    this.errors.push({ code, message, raw: this.#mayKeep() ? raw : undefined, frame: n });
    this.#onFinding('ai/error-in-stream', n, { message: message === '' ? (code ?? '') : message });
  }

  #addTiming(n: number, name: string, micros: number): void {
    const at = this.timings.findIndex((timing) => timing.name === name);
    if (at >= 0) this.timings[at] = { name, micros, frame: n };
    else if (this.timings.length < listedAtMost) this.timings.push({ name, micros, frame: n });
  }

  #unknown(n: number, name: string): void {
    if (this.#unknownNames.size >= listedAtMost || this.#unknownNames.has(name)) return;
    this.#unknownNames.add(name);
    this.#onFinding('ai/unknown-event', n, { name });
  }
}

/** Position of the first UTF-16 unit that is not the same, for a person: from 1. */
function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at + 1;
}
