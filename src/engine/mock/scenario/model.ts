import type { MockCoding, MockHeader } from '../answer.ts';
import type { MockFault } from '../faults/parseFaults.ts';
import type { KnobTable } from '../knobs.ts';
import type { Amount } from './amount.ts';
import type { Chunking } from './chunking.ts';
import type { Pace } from './pacing.ts';
import type { TemplateScope } from './templateFunctions.ts';

/** What a send is, for sentences about it. */
export type ContentKind = 'text' | 'json' | 'event' | 'comment' | 'record' | 'bytes';

export interface Content {
  readonly kind: ContentKind;
  /** The same bytes every time. */
  readonly bytes: Uint8Array | null;
  /** Fresh bytes of a template. */
  make(scope: TemplateScope): Uint8Array;
}

/** One thing that a scenario does, with everything that it takes over from what is around it. */
export type ScenarioNode =
  | { readonly kind: 'send'; readonly content: Content; readonly pace: Pace; readonly chunks: Chunking }
  | { readonly kind: 'wait'; readonly millis: Amount }
  | {
      readonly kind: 'repeat';
      /** Passes; null: without end. */
      readonly times: Amount | null;
      readonly from: Amount;
      readonly counter: string;
      readonly nodes: readonly ScenarioNode[];
    }
  /** A fault that happens where it stands, or from there on. */
  | { readonly kind: 'fault'; readonly fault: MockFault }
  | { readonly kind: 'end' };

export interface ScenarioHead {
  readonly status: number;
  readonly headers: readonly MockHeader[];
  readonly body: 'chunked' | 'length' | 'close';
  /** What Content-Length says; null: what is sent is counted. */
  readonly length: number | null;
  readonly coding: { readonly name: MockCoding; readonly flushes: boolean } | null;
  readonly trailers: readonly MockHeader[];
}

/** A scenario that can be performed. */
export interface Scenario {
  readonly title: string;
  readonly method: 'GET' | 'POST';
  /** Null: where its name says. */
  readonly path: string | null;
  readonly seed: number;
  readonly clockMillis: number;
  /** `seed` among them. */
  readonly knobs: KnobTable;
  /** It asks for parameters of the query by name, so that no name can be called misspelt. */
  readonly readsQuery: boolean;
  /** Silence before the head. */
  readonly headDelay: readonly Amount[];
  readonly head: ScenarioHead;
  readonly nodes: readonly ScenarioNode[];
  /** Faults with a place of their own, or that concern the whole answer. */
  readonly faults: readonly MockFault[];
}
