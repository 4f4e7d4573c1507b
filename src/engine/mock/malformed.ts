import { quoteAt, readingAt } from './content/measurements.ts';
import { type MockStep, textStep } from './step.ts';
import { assertNever } from '../../shared/assertNever.ts';

/** What can be wrong with a body whose transfer is sound. */
export const malformations = [
  'ndjson-line',
  'ndjson-tail',
  'json-truncated',
  'json-comma',
  'sse-unterminated',
  'sse-html',
  'utf8',
] as const;
export type Malformation = (typeof malformations)[number];

export function malformedContentType(what: Malformation): string {
  if (what.startsWith('sse')) return 'text/event-stream';
  return what.startsWith('json') ? 'application/json' : 'application/x-ndjson';
}

const errorPage = '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>502 Bad Gateway</body>\n</html>\n\n';

/** `n` records of which the middle one or the last one is wrong. @param n at least 2 */
export function* malformed(
  what: Malformation,
  n: number,
  delayMs: number,
  seed: number,
): Generator<MockStep, void, undefined> {
  const middle = Math.floor(n / 2);
  const record = (index: number): string => JSON.stringify(readingAt(seed, index));
  const event = (index: number): string =>
    `id: ${String(index + 1)}\ndata: ${JSON.stringify(quoteAt(seed, index))}\n\n`;
  for (let index = 0; index < n; index++) {
    const isLast = index === n - 1;
    switch (what) {
      case 'ndjson-line':
        // Two writers to one stream: one line begins before the other has ended.
        yield textStep(delayMs, index === middle ? record(index).slice(0, 40) : `${record(index)}\n`);
        break;
      case 'ndjson-tail':
        yield textStep(delayMs, isLast ? record(index).slice(0, 40) : `${record(index)}\n`);
        break;
      case 'json-truncated':
        yield textStep(delayMs, `${index === 0 ? '[' : ','}\n${record(index)}`);
        break;
      case 'json-comma':
        yield textStep(delayMs, `${index === 0 ? '[' : ''}\n${record(index)},${isLast ? '\n]\n' : ''}`);
        break;
      case 'sse-unterminated':
        yield textStep(delayMs, isLast ? event(index).slice(0, -1) : event(index));
        break;
      case 'sse-html':
        yield textStep(delayMs, index === middle ? errorPage : event(index));
        break;
      case 'utf8': {
        const step = textStep(delayMs, `${record(index)}\n`);
        // What a text is after somebody took it for Latin-1: a byte that begins nothing in UTF-8.
        yield index === middle ? { ...step, bytes: step.bytes.map((value, at) => (at === 24 ? 0xb0 : value)) } : step;
        break;
      }
      default:
        assertNever(what, 'malformation');
    }
  }
}
