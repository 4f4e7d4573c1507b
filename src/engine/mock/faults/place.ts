/**
 * Where in an answer a fault happens. N of something: behind it, when N have been sent whole (0: before the first).
 * `isInside`: half-way through the next one, or as near to that as its chunks allow.
 */
export type FaultPlace =
  | { readonly kind: 'head'; readonly isInside: boolean }
  | { readonly kind: 'frame' | 'chunk'; readonly n: number; readonly isInside: boolean }
  | { readonly kind: 'byte'; readonly n: number }
  | { readonly kind: 'end' };

export type PlaceKind = FaultPlace['kind'];

/** How places are written, for lists. */
export const placeForms: Readonly<Record<PlaceKind, string>> = {
  head: 'head',
  frame: 'frame:N',
  chunk: 'chunk:N',
  byte: 'byte:N',
  end: 'end',
};

/** Reads `head`, `head.5`, `frame:3`, `frame:3.5`, `chunk:3`, `chunk:3.5`, `byte:3`, `end`; null for anything else. */
export function parsePlace(text: string): FaultPlace | null {
  if (text === 'head' || text === 'head.5') return { kind: 'head', isInside: text !== 'head' };
  if (text === 'end') return { kind: 'end' };
  const [, kind, digits, half] = /^(frame|chunk|byte):(\d{1,15})(\.5)?$/.exec(text) ?? [];
  const n = Number(digits);
  if (kind === 'byte' && half === undefined) return { kind, n };
  if (kind === 'frame' || kind === 'chunk') return { kind, n, isInside: half !== undefined };
  return null;
}
