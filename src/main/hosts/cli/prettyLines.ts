import { previewFrame } from '../../../engine/framing/describe.ts';
import { duration } from '../../../engine/recording/verdict.ts';
import type { Verdict } from '../../../shared/recording.ts';
import type { Diagnostic } from '../../../shared/diagnostic.ts';
import { frameFlag, type Micros } from '../../../shared/words.ts';
import type { InspectedFrame } from './inspection.ts';
import { safeForTerminal, type Palette } from './terminal.ts';

const typeWidth = 12;
const timeWidth = 12;

/** One frame on one line: number, time, gap, type, payload. */
export function prettyFrame(
  inspected: InspectedFrame,
  previous: Micros | null,
  columns: number,
  colours: Palette,
): string {
  const { frame, framing, bytes, timesKnown } = inspected;
  const number = String(frame.n + 1).padStart(6);
  const time = timesKnown ? millis(frame.micros).padStart(timeWidth) : '—'.padStart(timeWidth);
  const gapText = timesKnown && previous !== null ? `+${millis(frame.micros - previous)}` : '';
  const stalled = (frame.flags & frameFlag.afterStall) !== 0;
  const gap = stalled ? colours.warning(gapText.padStart(timeWidth)) : colours.dim(gapText.padStart(timeWidth));
  const isFault = frame.kind === 'invalid' || frame.kind === 'incomplete';
  const name = safeForTerminal(frame.type === '' || isFault ? frame.kind : frame.type);
  const type = name.slice(0, typeWidth).padEnd(typeWidth);
  const paint = isFault ? colours.bad : frame.kind === 'comment' || frame.kind === 'blank' ? colours.dim : colours.good;
  const room = Math.max(20, columns - number.length - 2 * timeWidth - typeWidth - 6);
  const preview = safeForTerminal(previewFrame(framing, frame.kind, bytes, room));
  const lines = [`${colours.dim(number)} ${time} ${gap}  ${paint(type)}  ${preview}`];
  for (const diagnostic of frame.diagnostics) lines.push(prettyDiagnostic(diagnostic, colours));
  return `${lines.join('\n')}\n`;
}

export function prettyDiagnostic(diagnostic: Diagnostic, colours: Palette): string {
  const sign = { error: colours.bad('✖'), warning: colours.warning('▲'), info: colours.dim('●') }[diagnostic.severity];
  return `       ${sign} ${diagnostic.code}: ${safeForTerminal(diagnostic.message)}`;
}

export function prettyVerdict(verdict: Verdict, colours: Palette): string {
  const paint = {
    good: colours.good,
    warning: colours.warning,
    bad: colours.bad,
    live: colours.good,
    neutral: colours.strong,
  };
  return `${paint[verdict.tone](verdict.word)}: ${safeForTerminal(verdict.sentence)}\n`;
}

/** `1,352.118 ms` without the unit. */
function millis(micros: Micros): string {
  return micros >= 100_000_000 ? duration(micros) : (micros / 1000).toFixed(3).replace(/\B(?=(\d{3})+(?!\d)\.)/g, ',');
}
