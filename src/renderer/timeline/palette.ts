import {
  deltaKinds,
  frameKinds,
  severities,
  type DeltaKind,
  type FrameKind,
  type Severity,
} from '../../shared/words.ts';
import type { PhaseName } from './phases.ts';

/** Every colour and font a drawing needs, read once per theme: a canvas knows nothing of custom properties. */
export interface Palette {
  readonly background: string;
  readonly line: string;
  readonly text: string;
  readonly textWeak: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly chunk: string;
  readonly gap: string;
  readonly stall: string;
  /** By code of `frameKinds`. */
  readonly kinds: readonly string[];
  /** By code of `deltaKinds`. */
  readonly deltas: readonly string[];
  /** The mark of the first token. */
  readonly firstToken: string;
  readonly severities: readonly string[];
  readonly phases: Readonly<Record<PhaseName, string>>;
  readonly fontUi: string;
  readonly fontData: string;
}

const kindToken: Readonly<Record<FrameKind, `--${string}`>> = {
  event: '--k-event',
  comment: '--k-comment',
  record: '--k-event',
  element: '--k-event',
  blank: '--k-comment',
  message: '--k-event',
  text: '--k-text',
  invalid: '--k-error',
  incomplete: '--k-error',
  terminator: '--k-reason',
  part: '--k-event',
};
const deltaToken: Readonly<Record<DeltaKind, `--${string}`>> = {
  none: '--k-comment',
  text: '--k-text',
  reasoning: '--k-reason',
  refusal: '--k-error',
  tool: '--k-tool',
  'tool-result': '--k-tool',
  citation: '--k-event',
  media: '--k-event',
  error: '--k-error',
  finish: '--k-event',
  usage: '--k-event',
  start: '--k-comment',
  timing: '--k-comment',
  end: '--k-event',
  heartbeat: '--k-comment',
  event: '--k-comment',
  unknown: '--k-comment',
};
const severityToken: Readonly<Record<Severity, `--${string}`>> = { error: '--err', warning: '--warn', info: '--info' };

/** @param color value of a design token */
export function readPalette(color: (token: `--${string}`) => string): Palette {
  return {
    background: color('--bg-0'),
    line: color('--line'),
    text: color('--fg-0'),
    textWeak: color('--fg-1'),
    accent: color('--accent'),
    onAccent: color('--accent-fg'),
    chunk: color('--k-chunk'),
    gap: color('--k-comment'),
    stall: color('--warn'),
    kinds: frameKinds.map((kind) => color(kindToken[kind])),
    deltas: deltaKinds.map((kind) => color(deltaToken[kind])),
    firstToken: color('--k-text'),
    severities: severities.map((severity) => color(severityToken[severity])),
    phases: {
      dns: color('--k-reason'),
      connect: color('--k-tool'),
      tls: color('--accent'),
      send: color('--info'),
      wait: color('--k-chunk'),
      receive: color('--ok'),
      redirect: color('--k-reason'),
      paused: color('--warn'),
      reconnect: color('--warn'),
    },
    fontUi: color('--font-ui'),
    fontData: color('--font-data'),
  };
}
