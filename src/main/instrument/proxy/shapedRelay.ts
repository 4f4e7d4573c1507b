import type { BodyFault } from '../../../engine/mock/faults/bodyFault.ts';
import type { MockStep, WireBreak } from '../../../engine/mock/step.ts';
import { untouched } from '../../../engine/mock/faults/atPlace.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { AnswerTap, CarriedEnd, CarriedHead } from '../../capture/carried/carriedRequest.ts';
import type { AnswerWriter } from '../../servers/proxy/answerWriter.ts';
import type { RelayOwner } from './answerRelay.ts';
import { CodedFrames, removableCodings } from './codedFrames.ts';
import type { InterventionPlan } from './interventionPlan.ts';

/** Bytes that may wait here before the upstream is held back, and the level to read on at. */
const waitingHigh = 64 * 1024;
const waitingLow = 16 * 1024;
/** How fine a slowed body is sliced: slices a second. */
const slicesPerSecond = 50;

export interface ShapedRelayOwner extends RelayOwner {
  /** More waits here than should; `release` follows. */
  hold(): void;
  release(): void;
  /** The body is compressed, so that a fault which writes into its contents is not done to it. */
  contentsUntouched(): void;
  /** The connection to the client was lost because that was asked for. */
  cut(): void;
}

type Action =
  | { readonly do: 'head'; readonly head: CarriedHead }
  | { readonly do: 'step'; readonly step: MockStep }
  | { readonly do: 'over'; readonly end: CarriedEnd };

/** Hands an answer on to the client with what was asked to be done to it. What it holds is bounded. */
export class ShapedRelay implements AnswerTap {
  readonly #answer: AnswerWriter;
  readonly #owner: ShapedRelayOwner;
  readonly #plan: InterventionPlan;
  readonly #limits: Limits;
  #faults: readonly BodyFault[] = [];
  #actions: Action[] = [];
  #waitingBytes = 0;
  #held = false;
  #timer: NodeJS.Timeout | null = null;
  #trailers: HeaderList = [];
  #hasHead = false;
  /** Of a compressed body that something is done to. */
  #coded: CodedFrames | null = null;
  /** A fault has ended the body: nothing of the upstream's follows. */
  #broken = false;
  #over = false;
  /** When the next byte may go, by `performance.now()`. */
  #freeAt = 0;

  constructor(answer: AnswerWriter, plan: InterventionPlan, limits: Limits, owner: ShapedRelayOwner) {
    this.#answer = answer;
    this.#limits = limits;
    this.#plan = plan;
    this.#owner = owner;
  }

  informational(raw: Uint8Array): void {
    this.#answer.informational(raw);
  }

  head(head: CarriedHead): void {
    const faults = this.#bodyFaults(head);
    this.#faults = faults;
    this.#hasHead = true;
    // What a fault does to a body may change how long it is.
    const isMeasured = faults.length > 0 && (head.delimiter === 'length' || head.delimiter === 'frames');
    this.#actions.push({ do: 'head', head: isMeasured ? inChunks(head) : head });
    this.#freeAt = performance.now() + this.#plan.headDelayMillis;
  }

  wire(): void {
    // The body goes on piece by piece.
  }

  data(bytes: Uint8Array): void {
    if (this.#coded === null) {
      this.#take([{ delayMillis: 0, bytes }]);
      return;
    }
    this.#waitingBytes += bytes.byteLength;
    this.#coded.push(bytes);
  }

  trailers(headers: HeaderList): void {
    this.#trailers = headers;
  }

  flush(): void {
    this.#pump();
    if (this.#waitingBytes > waitingHigh && !this.#held) {
      this.#held = true;
      this.#owner.hold();
    }
    if (!this.#answer.flush()) this.#owner.clientIsSlow();
  }

  over(end: CarriedEnd): void {
    if (this.#coded === null) this.#bodyOver(end);
    else this.#coded.end(() => this.#bodyOver(end));
  }

  #bodyOver(end: CarriedEnd): void {
    if (end.how === 'complete' && !this.#broken) {
      for (const [n, fault] of this.#faults.entries()) this.#through([...fault.end()], n + 1);
    }
    this.#actions.push({ do: 'over', end });
    this.#pump();
  }

  /** The client left, or everything is to end now. */
  abort(): void {
    this.#actions = [];
    this.#finish({ how: 'complete' });
  }

  #bodyFaults({ headers }: CarriedHead): readonly BodyFault[] {
    const contentType = headerValue(headers, 'content-type');
    const codings = removableCodings(headerValue(headers, 'content-encoding'));
    if (codings.length === 0) return this.#plan.bodyFaults({ contentType });
    const coded = new CodedFrames(codings, contentType, this.#limits, (bytes) => {
      this.#waitingBytes -= bytes.byteLength;
      this.#take([{ delayMillis: 0, bytes }]);
      this.#pump();
    });
    const faults = this.#plan.bodyFaults({ contentType, coded });
    if (faults.length > 0) this.#coded = coded;
    if (faults.includes(untouched)) this.#owner.contentsUntouched();
    return faults;
  }

  #take(steps: readonly MockStep[]): void {
    if (!this.#broken) this.#through(steps, 0);
  }

  /** Sends steps through the faults from the given one on, and queues what comes out. */
  #through(steps: readonly MockStep[], from: number): void {
    let passing = steps;
    for (const fault of this.#faults.slice(from)) {
      const changed: MockStep[] = [];
      for (const step of passing) {
        for (const each of fault.push(step)) {
          changed.push(each);
          if (each.isLast !== undefined) break;
        }
        if (changed.at(-1)?.isLast !== undefined) break;
      }
      passing = changed;
    }
    for (const step of passing) {
      this.#waitingBytes += step.bytes.byteLength;
      this.#actions.push({ do: 'step', step });
      if (step.isLast !== undefined) this.#broken = true;
    }
  }

  /** Does what is due; goes on later with what is not. */
  #pump(): void {
    if (this.#timer !== null || this.#over) return;
    for (let next = this.#actions[0]; next !== undefined; next = this.#actions[0]) {
      if (next.do === 'step' && next.step.delayMillis > 0) {
        this.#actions[0] = { do: 'step', step: { ...next.step, delayMillis: 0 } };
        this.#freeAt = Math.max(this.#freeAt, performance.now()) + next.step.delayMillis;
      }
      const wait = this.#freeAt - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => {
          this.#timer = null;
          this.#pump();
        }, Math.ceil(wait));
        this.#answer.flush();
        return;
      }
      this.#actions.shift();
      this.#do(next);
      if (this.#isOver()) return;
    }
    if (this.#held && this.#waitingBytes <= waitingLow) {
      this.#held = false;
      this.#owner.release();
    }
    this.#answer.flush();
  }

  #isOver(): boolean {
    return this.#over;
  }

  #do(action: Action): void {
    switch (action.do) {
      case 'head':
        if (this.#plan.headBreak !== null) {
          this.#cut(this.#plan.headBreak);
          return;
        }
        this.#answer.head(action.head, true);
        this.#owner.headPassed(action.head.status);
        return;
      case 'step':
        this.#send(action.step);
        return;
      case 'over':
        if (this.#hasHead) this.#answer.end(action.end.how, this.#trailers);
        this.#finish(action.end);
    }
  }

  #send({ bytes, isLast }: MockStep): void {
    const { bytesPerSecond } = this.#plan;
    const most = bytesPerSecond === null ? Infinity : Math.max(1, Math.floor(bytesPerSecond / slicesPerSecond));
    if (bytes.byteLength > most) {
      const rest = { delayMillis: 0, bytes: bytes.subarray(most), ...(isLast === undefined ? {} : { isLast }) };
      this.#actions.unshift({ do: 'step', step: rest });
      this.#pass(bytes.subarray(0, most), 0);
      return;
    }
    const last = isLast === 'cut' ? ({ kind: 'fin', unsentBytes: 0 } as const) : isLast;
    this.#pass(bytes, last !== undefined && 'unsentBytes' in last ? last.unsentBytes : 0);
    if (last !== undefined) this.#break(last);
  }

  #pass(bytes: Uint8Array, unsentBytes: number): void {
    const { bytesPerSecond } = this.#plan;
    this.#waitingBytes -= bytes.byteLength;
    this.#answer.piece(bytes, unsentBytes);
    this.#owner.bytesPassed(bytes.byteLength);
    if (bytesPerSecond === null) return;
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes.byteLength / bytesPerSecond) * 1_000;
  }

  #break(how: WireBreak): void {
    if (how.kind === 'http1' || how.kind === 'extra') this.#answer.unframed(how.bytes);
    this.#cut(how.kind === 'reset' ? 'reset' : 'close');
  }

  #cut(how: 'close' | 'reset'): void {
    this.#actions = [];
    this.#answer.end(how);
    this.#owner.cut();
    this.#finish({ how: 'complete' });
  }

  #finish(end: CarriedEnd): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#coded?.abort();
    this.#owner.over(end);
  }
}

/** The head of a body whose length is no longer known. */
function inChunks(head: CarriedHead): CarriedHead {
  const kept = head.wireHeaders.filter(([name]) => name.toLowerCase() !== 'content-length');
  return { ...head, wireHeaders: [...kept, ['Transfer-Encoding', 'chunked']], delimiter: 'chunks' };
}
