import type { MockFaultDescription } from '../../../shared/mock.ts';
import type { FaultEffect } from './effect.ts';
import type { FaultPlace, PlaceKind } from './place.ts';

export type FaultProtocol = MockFaultDescription['protocols'][number];

/** What may stand behind a fault's name and a colon. */
export interface FaultArgument {
  /** In words. */
  readonly allowed: string;
  /** Taken where nothing is written. */
  readonly fallback: number | string;
  /** Undefined: not allowed. */
  parse(text: string): number | string | undefined;
}

/** One row of the catalogue. */
export interface FaultDefinition {
  readonly name: string;
  readonly sentence: string;
  readonly argument: FaultArgument | null;
  /** Empty: it concerns the whole answer. */
  readonly places: readonly PlaceKind[];
  /** Where it happens when nothing is said; null exactly where `places` is empty. */
  readonly fallbackPlace: FaultPlace | null;
  /** `tls` alone: only over TLS. */
  readonly protocols: readonly FaultProtocol[];
  readonly example: string;
  effect(argument: number | string | null, place: FaultPlace): FaultEffect;
}

/** A row as written in the tables: the argument already has its type, the place is there. */
interface FaultRow<Argument extends number | string | null> {
  readonly name: string;
  readonly sentence: string;
  readonly places?: readonly PlaceKind[];
  readonly fallbackPlace?: FaultPlace;
  readonly protocols?: readonly FaultProtocol[];
  readonly example?: string;
  effect(argument: Argument, place: FaultPlace): FaultEffect;
}

const everyProtocol: readonly FaultProtocol[] = ['http/1.1', 'h2', 'tls'];
export const http1Only: readonly FaultProtocol[] = ['http/1.1', 'tls'];
export const http2Only: readonly FaultProtocol[] = ['h2', 'tls'];

export const afterFirstChunk: FaultPlace = { kind: 'chunk', n: 1, isInside: false };
export const anywhere: readonly PlaceKind[] = ['frame', 'chunk', 'byte', 'end'];

export function fault(row: FaultRow<null>): FaultDefinition {
  return complete(row, null, (_argument, place) => row.effect(null, place));
}

/** A fault with a whole number behind its name. */
export function numberFault(
  range: { readonly min: number; readonly max: number; readonly fallback: number; readonly what: string },
  row: FaultRow<number>,
): FaultDefinition {
  const { min, max, fallback, what } = range;
  const argument: FaultArgument = {
    allowed: `${what}, ${String(min)} to ${String(max)}; else ${String(fallback)}`,
    fallback,
    parse: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
  return complete(row, argument, (value, place) => row.effect(Number(value), place));
}

/** A fault with one of several words behind its name. */
export function wordFault<Word extends string>(
  words: readonly Word[],
  fallback: NoInfer<Word>,
  row: FaultRow<Word>,
): FaultDefinition {
  const argument: FaultArgument = {
    allowed: `${words.join(', ')}; else ${fallback}`,
    fallback,
    parse: (text) => words.find((word) => word === text),
  };
  return complete(row, argument, (value, place) => row.effect(words.find((word) => word === value) ?? fallback, place));
}

function complete(
  row: Omit<FaultRow<never>, 'effect'>,
  argument: FaultArgument | null,
  effect: FaultDefinition['effect'],
): FaultDefinition {
  const places = row.places ?? [];
  const fallbackPlace = places.length === 0 ? null : (row.fallbackPlace ?? afterFirstChunk);
  return {
    name: row.name,
    sentence: row.sentence,
    argument,
    places,
    fallbackPlace,
    protocols: row.protocols ?? everyProtocol,
    example: row.example ?? row.name,
    effect,
  };
}
