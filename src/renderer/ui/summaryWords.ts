import type { RecordingSummary } from '../../shared/recording.ts';
import { endingWords, framingTitles } from './words.ts';
import type { Tone } from './ToneMark.tsx';

/** How a recording went, as its mark in a list tells it. */
export function toneOf(summary: RecordingSummary): Tone {
  const { counts, endingKind, state, status } = summary;
  if (state === 'live') return 'live';
  if (endingKind === 'stopped') return 'neutral';
  if (endingKind !== 'complete') return 'bad';
  if (counts.diagnostics.error > 0 || (status !== null && status >= 400)) return 'bad';
  return counts.stalls > 0 || counts.diagnostics.warning > 0 ? 'warning' : 'good';
}

/** The one thing worth saying about how a recording went; empty where nothing is. */
export function remarkOn(summary: RecordingSummary): string {
  const { counts, endingKind, state, status } = summary;
  if (state === 'live') return '';
  if (endingKind === null) return 'interrupted';
  if (endingKind !== 'complete') return endingWords[endingKind];
  if (status !== null && status >= 400) return String(status);
  const { error, warning } = counts.diagnostics;
  if (error > 0) return error === 1 ? '1 error' : `${String(error)} errors`;
  if (counts.stalls > 0) return counts.stalls === 1 ? '1 stall' : `${String(counts.stalls)} stalls`;
  if (warning > 0) return warning === 1 ? '1 warning' : `${String(warning)} warnings`;
  return '';
}

/** What its frames are: the dialect where there is one, else the framing. */
export function kindOf(summary: RecordingSummary): string {
  return summary.dialect ?? (summary.framing === null ? '' : framingTitles[summary.framing]);
}
