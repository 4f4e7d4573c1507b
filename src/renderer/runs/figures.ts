import type { Objective, RunFigure, RunShare } from '../../shared/runs.ts';
import { formatCount, formatDuration } from '../ui/format.ts';

interface ShownFigure {
  readonly title: string;
  readonly unit: 'time' | 'rate' | 'count';
  readonly means: string;
}

/** What a run is measured by, with its definition (`metrics.md`). */
export const shownFigures: Readonly<Record<RunFigure, ShownFigure>> = Object.freeze({
  headers: {
    title: 'Headers',
    unit: 'time',
    means: 'Response head complete, since the request was handed to the transport. Includes connecting.',
  },
  firstByte: { title: 'First byte', unit: 'time', means: 'First byte of the body, since the request.' },
  ttft: {
    title: 'TTFT',
    unit: 'time',
    means:
      'Time to first token: the first delta with text, reasoning, refusal or tool-call content, since the request. Role-only and empty frames do not count.',
  },
  ttfo: { title: 'TTFO', unit: 'time', means: 'Time to first output: as TTFT, without reasoning.' },
  lastContent: { title: 'Last content', unit: 'time', means: 'The last delta with content, since the request.' },
  e2e: { title: 'End', unit: 'time', means: 'When the run ended, since its request.' },
  itl: {
    title: 'ITL',
    unit: 'time',
    means: 'Inter-token latency: (last content − TTFT) / (output tokens − 1). Needs two tokens and a token count.',
  },
  tps: {
    title: 'Tokens/s',
    unit: 'rate',
    means: 'Decode tokens per second: 1 / ITL. Leaves out the wait for the first.',
  },
  e2eTps: {
    title: 'End-to-end tokens/s',
    unit: 'rate',
    means: 'Output tokens / last content. Includes the wait for the first.',
  },
  tokens: {
    title: 'Tokens',
    unit: 'count',
    means: 'Output tokens: the provider’s number, else a tokenizer’s estimate. Reasoning included.',
  },
});

export const rateMeanings = {
  success: 'Complete / all runs that ended.',
  error:
    'Cut, invalid, timeout, refused, or with an error in the stream / all. A complete run with an error in it counts here, too.',
  completion:
    'With the end sign of the dialect or of the format / all. Formats without one say nothing: those are not known.',
  reconnection: 'Connected again at least once / all.',
  goodput:
    'Runs that met every stated limit, a second: from the first request to the last end. A run that did not end well meets none; what is not known is not met.',
  interval:
    '95 % confidence interval of the difference of the medians: percentile interval of the exact bootstrap (Efron 1979). Nothing is drawn at random. Where it holds 0, the difference is within noise. It needs six runs on each side.',
} as const;

export function inUnit(figure: RunFigure, value: number | null): string {
  const { unit } = shownFigures[figure];
  if (unit === 'time') return formatDuration(value);
  // The title of a rate says that it is one.
  return unit === 'rate' && value !== null && value < 100 ? value.toFixed(1) : formatCount(value);
}

export function signedInUnit(figure: RunFigure, value: number | null): string {
  if (value === null) return inUnit(figure, null);
  if (value < 0) return `−${inUnit(figure, -value)}`;
  return value > 0 ? `+${inUnit(figure, value)}` : inUnit(figure, 0);
}

export function percent({ share }: RunShare): string {
  if (share === null) return 'unknown';
  const digits = share === 0 || share === 1 ? 0 : 1;
  return `${(share * 100).toFixed(digits)} %`;
}

/** `TTFT ≤ 800 ms`. */
export function objectiveWords({ figure, bound, value }: Objective): string {
  return `${shownFigures[figure].title} ${bound === 'at-most' ? '≤' : '≥'} ${inUnit(figure, value)}`;
}
