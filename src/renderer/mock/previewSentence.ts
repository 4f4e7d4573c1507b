import type { ScenarioPreview } from '../../shared/mock.ts';
import { formatBytes, formatCount, formatDuration, formatOrdinal, formatQuantity } from '../ui/format.ts';

/** `20 chunks, 1.2 kB in 2.00 s, 1 fault` */
export function previewSentence(preview: ScenarioPreview): string {
  const { bytes, marks, totalBytes, durationMicros, isShortened } = preview;
  let shown = 0;
  for (const each of bytes) shown += each;
  let faults = 0;
  for (const mark of marks) faults += mark === 1 ? 1 : 0;
  const size = `${formatQuantity(bytes.length, 'chunk')}, ${formatBytes(totalBytes ?? shown)}`;
  const time = durationMicros === null ? '' : ` in ${formatDuration(durationMicros)}`;
  const more = isShortened ? ', and on' : durationMicros === null ? ', without end' : '';
  return `${size}${time}${more}${faults === 0 ? '' : `, ${formatQuantity(faults, 'fault')}`}`;
}

/** One chunk of a preview, from 0; null: there is none. */
export function chunkSentence({ atMicros, bytes, marks }: ScenarioPreview, n: number): string | null {
  const at = atMicros[n];
  if (at === undefined) return null;
  const fault = marks[n] === 1 ? ', a fault before it' : '';
  return `chunk ${formatOrdinal(n)} of ${formatCount(atMicros.length)} at ${formatDuration(at)}: ${formatBytes(bytes[n])}${fault}`;
}
