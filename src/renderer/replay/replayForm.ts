import type { ReplayFault, ReplayOptions } from '../../shared/replay.ts';

export type FaultKind = ReplayFault['kind'];

/** A fault as it is typed: what its fields hold may be no number yet. */
export interface TypedFault {
  /** For React: faults may be equal. */
  readonly key: number;
  readonly kind: FaultKind;
  readonly value: string;
  /** `stall`: seconds. */
  readonly seconds: string;
}

/** The form as it is typed. */
export interface ReplayForm {
  readonly speed: string;
  readonly delayMillis: string;
  readonly jitterMillis: string;
  readonly seed: string;
  readonly loop: boolean;
  readonly faults: readonly TypedFault[];
}

export const freshForm: ReplayForm = {
  speed: '1',
  delayMillis: '0',
  jitterMillis: '0',
  seed: '1',
  loop: false,
  faults: [],
};

export const speeds: readonly (readonly [value: string, title: string])[] = [
  ['0.1', '× 0.1'],
  ['0.5', '× 0.5'],
  ['1', '× 1, as recorded'],
  ['2', '× 2'],
  ['10', '× 10'],
  ['100', '× 100'],
  ['max', 'Without waiting'],
  ['step', 'Step by step'],
];

/** What a fault does and what its number is; frames and offsets as people count them. */
export const faultWords: Readonly<
  Record<FaultKind, { readonly title: string; readonly unit: string; readonly usual: string; readonly least: number }>
> = {
  cut: { title: 'Close the connection', unit: 'after frame', usual: '10', least: 0 },
  reset: { title: 'Reset the connection', unit: 'after frame', usual: '10', least: 0 },
  stall: { title: 'Be silent', unit: 'after frame', usual: '10', least: 0 },
  drop: { title: 'Leave out', unit: 'frame', usual: '10', least: 1 },
  duplicate: { title: 'Send twice', unit: 'frame', usual: '10', least: 1 },
  corrupt: { title: 'Invert the bits', unit: 'of byte at offset', usual: '100', least: 0 },
  split: { title: 'Split chunks', unit: 'to bytes', usual: '1', least: 1 },
  coalesce: { title: 'Join chunks', unit: 'chunks to one', usual: '10', least: 2 },
  slow: { title: 'Send slowly', unit: 'bytes a second', usual: '1000', least: 1 },
};

/** The options that a form stands for; null where a field holds no number that fits. */
export function optionsOf(form: ReplayForm): ReplayOptions | null {
  const delay = whole(form.delayMillis, 0, 86_400_000);
  const jitter = whole(form.jitterMillis, 0, 3_600_000);
  const seed = whole(form.seed, 0, 4_294_967_295);
  const faults = form.faults.map(faultOf);
  if (delay === null || jitter === null || seed === null || faults.includes(null)) return null;
  const { speed } = form;
  return {
    speed: speed === 'max' || speed === 'step' ? speed : Number(speed),
    delayMicros: delay * 1_000,
    jitterMicros: jitter * 1_000,
    seed,
    passes: form.loop ? null : 1,
    faults: faults.filter((fault) => fault !== null),
  };
}

export function faultOf({ kind, value, seconds }: TypedFault): ReplayFault | null {
  const number = whole(value, faultWords[kind].least, kind === 'coalesce' ? 100_000 : Number.MAX_SAFE_INTEGER);
  if (number === null) return null;
  switch (kind) {
    case 'cut':
    case 'reset':
      return { kind, afterFrames: number };
    case 'stall': {
      const silent = /^\d{1,5}(\.\d{1,3})?$/.test(seconds.trim()) ? Number(seconds) : 0;
      return silent > 0 && silent <= 86_400
        ? { kind, afterFrames: number, micros: Math.round(silent * 1_000_000) }
        : null;
    }
    case 'drop':
    case 'duplicate':
      return { kind, frame: number - 1 };
    case 'corrupt':
      return { kind, offset: number };
    case 'split':
      return { kind, bytes: number };
    case 'coalesce':
      return { kind, chunks: number };
    case 'slow':
      return { kind, bytesPerSecond: number };
  }
}

/** A whole number in what was typed; null for anything else. */
function whole(text: string, least: number, most: number): number | null {
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text.trim()) : NaN;
  return value >= least && value <= most ? value : null;
}
