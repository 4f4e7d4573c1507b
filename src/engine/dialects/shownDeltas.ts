import type { Delta } from './delta.ts';

/** A delta as the command line prints it: its type first, `choice` only where it is not the first, nothing unknown. */
export type ShownDelta = Readonly<Record<string, unknown>> & { readonly type: Delta['type'] };

/** Deltas for a reader outside. Faults are diagnostics of the frame already and are left out. */
export function shownDeltas(deltas: readonly Delta[]): readonly ShownDelta[] {
  const shown: ShownDelta[] = [];
  for (const delta of deltas) {
    if (delta.type === 'fault') continue;
    const { type, ...members } = delta;
    const told = Object.entries(members).filter(
      ([name, value]) => name !== 'part' && value !== null && !(name === 'choice' && value === 0),
    );
    shown.push({ type, ...Object.fromEntries(told) });
  }
  return shown;
}
