import type { Alignment, ComparedFigure, ComparedFigureName } from '../../shared/compare.ts';
import { formatBytes, formatCount, formatDuration, formatRate } from '../ui/format.ts';

export interface FigureWords {
  readonly title: string;
  readonly means: string;
}

export const unknown = 'unknown';

export const alignmentTitles: Readonly<Record<Alignment, string>> = {
  start: 'request',
  'first-byte': 'first byte',
  frame: 'first frame',
};

/** Titles and definitions, as `metrics.md` gives them. */
export const figureWords: Readonly<Record<ComparedFigureName, FigureWords>> = {
  headers: { title: 'headers', means: 'Response head complete.' },
  'first-byte': { title: 'first byte', means: 'First byte of the body.' },
  'first-frame': { title: 'first frame', means: 'First frame that is not a comment, blank or heartbeat.' },
  ttft: { title: 'TTFT', means: 'First frame with text, reasoning, refusal or tool-call content.' },
  ttfo: { title: 'TTFO', means: 'First frame with content that is not reasoning.' },
  'last-content': { title: 'last content', means: 'Last frame with content.' },
  end: { title: 'end', means: 'When the exchange ended.' },
  itl: { title: 'ITL', means: 'Mean time between tokens: (last content − TTFT) / (output tokens − 1).' },
  'decode-rate': {
    title: 'decode tokens/s',
    means: '1 / ITL: speed of writing, without the wait for the first token.',
  },
  'end-to-end-rate': { title: 'end-to-end tokens/s', means: 'Output tokens / last content: with the wait.' },
  tokens: {
    title: 'output tokens',
    means: 'The provider’s number; ≈ marks a tokenizer’s estimate where it gave none.',
  },
  'wire-bytes': { title: 'on the wire', means: 'Body bytes before content decoding.' },
  'body-bytes': { title: 'decoded', means: 'Body bytes after content decoding.' },
  chunks: { title: 'chunks', means: 'Body reads, as delivered.' },
  frames: { title: 'frames', means: 'All frames, comments and blanks included.' },
  'gap-p50': { title: 'p50', means: 'Half of the gaps between frames are not longer (nearest rank).' },
  'gap-p90': { title: 'p90', means: 'Nine of ten gaps between frames are not longer (nearest rank).' },
  'gap-p99': { title: 'p99', means: '99 of 100 gaps between frames are not longer (nearest rank).' },
  'gap-max': { title: 'longest', means: 'The longest gap between two frames.' },
  stalls: { title: 'stalls', means: 'Gaps longer than one second and than eight times the median of the 64 before.' },
  errors: { title: 'errors', means: 'Diagnostics of severity error.' },
  warnings: { title: 'warnings', means: 'Diagnostics of severity warning.' },
  infos: { title: 'notes', means: 'Diagnostics of severity info.' },
};

export interface FigureGroup {
  readonly title: string;
  readonly names: readonly ComparedFigureName[];
  /** Of token streams only. */
  readonly ofTokens?: readonly ComparedFigureName[];
}

export function figureGroups(align: Alignment): readonly FigureGroup[] {
  return [
    {
      title: `Times since the ${alignmentTitles[align]}`,
      names: ['headers', 'first-byte', 'first-frame', 'ttft', 'ttfo', 'last-content', 'end'],
      ofTokens: ['ttft', 'ttfo', 'last-content'],
    },
    {
      title: 'Speed',
      names: ['itl', 'decode-rate', 'end-to-end-rate', 'tokens'],
      ofTokens: ['itl', 'decode-rate', 'end-to-end-rate', 'tokens'],
    },
    { title: 'Amounts', names: ['wire-bytes', 'body-bytes', 'chunks', 'frames'] },
    { title: 'Gaps between frames', names: ['gap-p50', 'gap-p90', 'gap-p99', 'gap-max', 'stalls'] },
    { title: 'Found', names: ['errors', 'warnings', 'infos'] },
  ];
}

export function valueText(unit: ComparedFigure['unit'], value: number | null, isEstimated: boolean): string {
  if (value === null) return unknown;
  return `${isEstimated ? '≈ ' : ''}${amount(unit, value)}`;
}

function amount(unit: ComparedFigure['unit'], value: number): string {
  switch (unit) {
    case 'moment':
    case 'duration':
      return formatDuration(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
    case 'per-second':
      return formatRate(value);
  }
}

/** `+412 ms`, `−3`, `=`; empty where the difference is not known. */
export function differenceText({ unit, difference }: ComparedFigure): string {
  if (difference === null) return '';
  if (difference === 0) return '=';
  return `${difference > 0 ? '+' : '−'}${amount(unit, Math.abs(difference))}`;
}

/** `+12 %`, `−0.4 %`, `×14`; empty where there is none. */
export function relativeText({ relative, difference }: ComparedFigure): string {
  if (relative === null || difference === 0) return '';
  if (relative >= 9.995) return `×${(relative + 1).toFixed(0)}`;
  const percent = Math.abs(relative) * 100;
  return `${relative > 0 ? '+' : '−'}${percent.toFixed(percent < 9.95 ? 1 : 0)} %`;
}
