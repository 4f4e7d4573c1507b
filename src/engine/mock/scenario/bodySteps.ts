import type { MockCall } from '../answer.ts';
import type { BodyFault } from '../faults/bodyFault.ts';
import type { FaultPlace } from '../faults/place.ts';
import { type SeededRandom, seededRandom } from '../random.ts';
import type { MockStep } from '../step.ts';
import { chunksOf } from './chunking.ts';
import type { Scenario, ScenarioNode } from './model.ts';
import { delayBefore, type Pace } from './pacing.ts';
import type { TemplateScope, TemplateValue } from './templateFunctions.ts';

const noBytes = new Uint8Array(0);

export interface BodyRequest {
  readonly call: MockCall;
  /** `seed` among them. */
  readonly knobs: Readonly<Record<string, string | number | boolean>>;
  /** For finding frames; null: none. */
  readonly contentType: string | null;
}

/**
 * The body of a scenario, step by step as it is asked for: nothing is held that grows with its length. Contents, times
 * and borders are drawn from sequences of their own, so that another pace leaves the bytes as they are.
 */
export function* bodySteps(scenario: Scenario, request: BodyRequest): Generator<MockStep, void, undefined> {
  const body = new Body(scenario, request);
  yield* body.run();
}

/** A scope for what is worked out before the body: the silence before the head. */
export function scopeBefore(scenario: Scenario, { call, knobs }: BodyRequest): TemplateScope {
  return new Scope(scenario, call, knobs);
}

class Scope implements TemplateScope {
  readonly call: MockCall;
  readonly random: SeededRandom;
  readonly counters = new Map<string, number>();
  elapsedMillis = 0;
  readonly #knobs: Readonly<Record<string, string | number | boolean>>;
  readonly #counts = new Map<string, number>();
  readonly #clockMillis: number;

  constructor(scenario: Scenario, call: MockCall, knobs: BodyRequest['knobs']) {
    this.call = call;
    this.#knobs = knobs;
    this.#clockMillis = scenario.clockMillis;
    this.random = seededRandom(Number(knobs['seed'] ?? scenario.seed), 0);
  }

  get nowMillis(): number {
    return this.#clockMillis + (Number.isFinite(this.elapsedMillis) ? this.elapsedMillis : 0);
  }

  valueOf(name: string): TemplateValue {
    return this.counters.get(name) ?? this.#knobs[name] ?? null;
  }

  count(name: string): number {
    // As many names as a template can make up are too many.
    const key = this.#counts.size < 1_000 || this.#counts.has(name) ? name : '';
    const next = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, next);
    return next;
  }
}

class Body {
  readonly #scenario: Scenario;
  readonly #request: BodyRequest;
  readonly #scope: Scope;
  readonly #times: SeededRandom;
  readonly #borders: SeededRandom;
  readonly #served = new Map<Pace, number>();
  /** Faults that change everything from where they stand. */
  readonly #changes = new Map<ScenarioNode, BodyFault>();
  #waitMillis = 0;
  #state: 'going' | 'over' | 'broken' = 'going';
  #steps = 0;

  constructor(scenario: Scenario, request: BodyRequest) {
    this.#scenario = scenario;
    this.#request = request;
    this.#scope = new Scope(scenario, request.call, request.knobs);
    const seed = Number(request.knobs['seed'] ?? scenario.seed);
    this.#times = seededRandom(seed, 1);
    this.#borders = seededRandom(seed, 2);
  }

  *run(): Generator<MockStep, void, undefined> {
    yield* this.#list(this.#scenario.nodes);
    if (this.#isBroken()) return;
    if (this.#waitMillis > 0) yield* this.#changed({ delayMillis: this.#takeWait(), bytes: noBytes });
    for (const [node, fault] of [...this.#changes]) {
      this.#changes.delete(node);
      for (const step of fault.end()) {
        yield* this.#changed(step);
        if (this.#isBroken()) return;
      }
    }
  }

  *#list(nodes: readonly ScenarioNode[]): Generator<MockStep, void, undefined> {
    for (const node of nodes) {
      switch (node.kind) {
        case 'send':
          yield* this.#send(node);
          break;
        case 'wait':
          this.#waitMillis += node.millis.of(this.#scope);
          break;
        case 'repeat':
          yield* this.#repeat(node);
          break;
        case 'fault':
          yield* this.#fault(node);
          break;
        case 'end':
          this.#state = 'over';
          break;
      }
      if (this.#isOver()) return;
    }
  }

  *#send({ content, pace, chunks }: Extract<ScenarioNode, { kind: 'send' }>): Generator<MockStep, void, undefined> {
    const bytes = content.make(this.#scope);
    let isFirst = true;
    for (const piece of chunksOf(bytes, chunks.cut, this.#borders)) {
      const delayMillis =
        isFirst || chunks.gap === null
          ? this.#paced(pace, chunks.gap === null ? piece : bytes)
          : chunks.gap.of(this.#scope);
      yield* this.#changed({ delayMillis: this.#takeWait() + delayMillis, bytes: piece });
      if (this.#isOver()) return;
      isFirst = false;
    }
  }

  #paced(pace: Pace, bytes: Uint8Array): number {
    const serial = this.#served.get(pace) ?? 0;
    this.#served.set(pace, serial + 1);
    return delayBefore(pace, bytes, serial, this.#scope, this.#times);
  }

  *#repeat({
    times,
    from,
    counter,
    nodes,
  }: Extract<ScenarioNode, { kind: 'repeat' }>): Generator<MockStep, void, undefined> {
    const passes = times === null ? Number.POSITIVE_INFINITY : times.of(this.#scope);
    const first = from.of(this.#scope);
    const { counters } = this.#scope;
    const outer = counters.get(counter);
    for (let pass = 0; pass < passes; pass++) {
      counters.set(counter, first + pass);
      const before = this.#steps;
      yield* this.#list(nodes);
      if (this.#isOver()) return;
      // A pass without bytes still is a step, or one that repeats forever would never let go.
      if (this.#steps === before) yield* this.#changed({ delayMillis: Math.max(1, this.#takeWait()), bytes: noBytes });
      if (this.#isOver()) return;
    }
    if (outer === undefined) counters.delete(counter);
    else counters.set(counter, outer);
  }

  *#fault(node: Extract<ScenarioNode, { kind: 'fault' }>): Generator<MockStep, void, undefined> {
    const { definition, argument } = node.fault;
    const here: FaultPlace = definition.places.includes('chunk')
      ? { kind: 'chunk', n: 0, isInside: false }
      : { kind: 'frame', n: 1, isInside: false };
    const effect = definition.effect(argument, definition.places.length === 0 ? node.fault.place : here);
    if (effect.kind !== 'body') return;
    const fault = effect.make({ contentType: this.#request.contentType });
    if (here.kind === 'frame') {
      const before = this.#changes.get(node);
      this.#changes.delete(node);
      for (const step of before?.end() ?? []) yield* this.#changed(step);
      this.#changes.set(node, fault);
      return;
    }
    yield* this.#changed({ delayMillis: this.#takeWait(), bytes: noBytes });
    for (const step of fault.push({ delayMillis: 0, bytes: noBytes })) {
      yield* this.#changed(step);
      if (this.#isOver()) return;
    }
  }

  /** Through the changes in order, then out. */
  *#changed(
    step: MockStep,
    changes: readonly BodyFault[] = [...this.#changes.values()],
  ): Generator<MockStep, void, undefined> {
    const [next, ...rest] = changes;
    if (next !== undefined) {
      for (const changed of next.push(step)) {
        yield* this.#changed(changed, rest);
        if (this.#isBroken()) return;
      }
      return;
    }
    this.#steps++;
    this.#scope.elapsedMillis += step.delayMillis;
    if (step.isLast !== undefined) this.#state = 'broken';
    yield step;
  }

  /** Nothing more is sent. */
  #isOver(): boolean {
    return this.#state !== 'going';
  }

  /** Nothing more is sent, not even an end. */
  #isBroken(): boolean {
    return this.#state === 'broken';
  }

  #takeWait(): number {
    const millis = this.#waitMillis;
    this.#waitMillis = 0;
    return millis;
  }
}
