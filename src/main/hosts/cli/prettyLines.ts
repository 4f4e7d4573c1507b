import { previewFrame } from '../../../engine/framing/describe.ts';
import { duration } from '../../../engine/recording/verdict.ts';
import type { Reconnection, Verdict } from '../../../shared/recording.ts';
import type { Diagnostic } from '../../../shared/diagnostic.ts';
import { frameFlag, type Micros } from '../../../shared/words.ts';
import type { InspectedFrame } from './inspection.ts';
import { prettyDeltas } from './prettyDeltas.ts';
import { safeForTerminal, type Palette } from './terminal.ts';
import { fitColumns } from './textWidth.ts';

/** Widths of the columns before the payload; narrow terminals give more of theirs to it. */
interface Layout {
  readonly number: number;
  readonly time: number;
  readonly type: number;
}

const wideLayout: Layout = { number: 6, time: 11, type: 20 };
const narrowLayout: Layout = { number: 4, time: 9, type: 12 };
const narrowBelow = 100;

/** One frame on one line: number, time, gap, type, payload. Its diagnostics follow on lines of their own. */
export function prettyFrame(
  inspected: InspectedFrame,
  previous: Micros | null,
  columns: number,
  colours: Palette,
): string {
  const { frame, framing, bytes, timesKnown } = inspected;
  const layout = columns < narrowBelow ? narrowLayout : wideLayout;
  const number = String(frame.n + 1).padStart(layout.number);
  const times = timesKnown ? ` ${timesOf(inspected, previous, layout, colours)}` : '';
  const isFault = frame.kind === 'invalid' || frame.kind === 'incomplete';
  const name = safeForTerminal(frame.type === '' || isFault ? frame.kind : frame.type);
  const type = fitColumns(name, layout.type).padEnd(layout.type);
  const paint = isFault ? colours.bad : frame.kind === 'comment' || frame.kind === 'blank' ? colours.dim : colours.good;
  const before = layout.number + (timesKnown ? 2 * layout.time + 2 : 0) + layout.type + 4;
  const room = Math.max(16, columns - before);
  const fit = (text: string): string => fitColumns(text, room);
  const preview =
    prettyDeltas(frame.deltas, colours, fit) ?? fit(safeForTerminal(previewFrame(framing, frame.kind, bytes, room)));
  const lines = [`${colours.dim(number)}${times}  ${paint(type)}  ${preview}`];
  for (const diagnostic of frame.diagnostics) lines.push(prettyDiagnostic(diagnostic, colours));
  return `${lines.join('\n')}\n`;
}

function timesOf({ frame }: InspectedFrame, previous: Micros | null, { time }: Layout, colours: Palette): string {
  const gapText = previous === null ? '' : `+${shortTime(frame.micros - previous)}`;
  const stalled = (frame.flags & frameFlag.afterStall) !== 0;
  const gap = gapText.padStart(time);
  return `${shortTime(frame.micros).padStart(time)} ${stalled ? colours.warning(gap) : colours.dim(gap)}`;
}

/** A time in at most nine characters, with its unit: `412.3 ms`, `12.345 s`, `1:02:03 h`. */
function shortTime(micros: Micros): string {
  if (micros < 1_000) return `${String(micros)} µs`;
  if (micros < 999_950) return `${(micros / 1_000).toFixed(1)} ms`;
  if (micros < 99_999_500) return `${(micros / 1e6).toFixed(3)} s`;
  return duration(micros);
}

export function prettyDiagnostic(diagnostic: Diagnostic, colours: Palette): string {
  const sign = { error: colours.bad('✖'), warning: colours.warning('▲'), info: colours.dim('●') }[diagnostic.severity];
  return `     ${sign} ${diagnostic.code}: ${safeForTerminal(diagnostic.message)}`;
}

/** The line between two connections of a stream. */
export function prettyReconnection({ after, waitMicros, resumedFrom }: Reconnection, colours: Palette): string {
  const from = resumedFrom === null ? '' : `, from ${safeForTerminal(resumedFrom)}`;
  const sentence = `${safeForTerminal(after.message)} Connecting again in ${duration(waitMicros)}${from}.`;
  return `${colours.warning('—— reconnect:')} ${sentence}\n`;
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
