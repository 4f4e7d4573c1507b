import { quoteAt, readingAt } from '../content/measurements.ts';
import { errorPosition } from '../orders.ts';
import { type MockStep, textStep } from '../step.ts';

export interface ReadingsScript {
  readonly n: number;
  readonly delayMs: number;
  readonly seed: number;
  readonly includeMetadata: boolean;
  readonly error: 'none' | 'middle';
}

/** NDJSON of readings; where it is asked to say something about itself, its first line counts and its last one sums up. */
export function* readingsStream(script: ReadingsScript): Generator<MockStep, void, undefined> {
  const { n, delayMs, seed, includeMetadata, error } = script;
  const line = (delayMillis: number, record: object) => textStep(delayMillis, `${JSON.stringify(record)}\n`);
  const errorAfter = errorPosition(n, error);
  if (includeMetadata) yield line(0, { type: 'metadata', schema: 'readings/1', totalRecords: n, seed });
  for (let number = 1; number <= n; number++) {
    yield line(delayMs, readingAt(seed, number - 1));
    if (number !== errorAfter) continue;
    const message = `The sensor of reading ${String(number + 1)} did not answer in time. The others follow.`;
    yield line(0, { type: 'error', error: { code: 'SENSOR_SILENT', message, retryable: true } });
  }
  if (includeMetadata) yield line(0, { type: 'stream-end', totalProcessed: n, errors: errorAfter === 0 ? 0 : 1 });
}

/** RFC 7464: each text between a record separator and a line feed. */
export function* jsonSequence(
  n: number,
  delayMs: number,
  record: (index: number) => object,
): Generator<MockStep, void, undefined> {
  for (let index = 0; index < n; index++) yield textStep(delayMs, `\u001e${JSON.stringify(record(index))}\n`);
}

export const snapshotBoundary = 'snapshot';

const tiles = 5;
const barWidth = 24;

/**
 * Parts of one mixed-replace body, each with its length so that it shows before the next one comes: by turns JSON for a
 * program and a drawing in letters for a person.
 */
export function* snapshots(n: number, delayMs: number, seed: number): Generator<MockStep, void, undefined> {
  const utf8 = new TextEncoder();
  for (let index = 0; index < n; index++) {
    const quotes = Array.from({ length: tiles }, (_, tile) => quoteAt(seed, index * tiles + tile));
    const isDrawing = index % 2 === 1;
    const body = isDrawing
      ? quotes
          .map(({ symbol, changePercent }) => `${symbol.padEnd(5)}${bar(changePercent)} ${String(changePercent)} %\n`)
          .join('')
      : `${JSON.stringify({ snapshot: index + 1, quotes })}\n`;
    const type = isDrawing ? 'text/plain; charset=utf-8' : 'application/json';
    const length = utf8.encode(body).length;
    const head = `--${snapshotBoundary}\r\nContent-Type: ${type}\r\nContent-Length: ${String(length)}\r\n\r\n`;
    yield textStep(index === 0 ? 0 : delayMs, `${head}${body}\r\n`);
  }
  yield textStep(delayMs, `--${snapshotBoundary}--\r\n`);
}

function bar(changePercent: number): string {
  const filled = Math.max(0, Math.min(barWidth, Math.round(barWidth / 2 + changePercent)));
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
}
