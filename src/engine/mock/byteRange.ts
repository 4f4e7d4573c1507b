import type { MockAnswer, MockCall, MockHeader } from './answer.ts';
import { errorAnswer } from './answer.ts';
import type { MockStep } from './step.ts';

/** A body of a known length, any part of which can be asked for. */
export interface RangedBody {
  readonly contentType: string;
  /** In bytes. */
  readonly length: number;
  /** Without quotes; the same for the same bytes. */
  readonly tag: string;
  /** For `Content-Disposition`; null: it is to be shown. */
  readonly fileName: string | null;
  /** The bytes of [from, to), in steps. */
  readonly steps: (from: number, to: number) => Iterable<MockStep>;
}

type Range = { readonly from: number; readonly to: number } | 'unsatisfiable' | null;

/**
 * The body or the part of it that the request asks for (RFC 9110 §13, §14): one range, or several of which none is
 * honoured; `If-Range` and `If-None-Match` by the strong tag. A body with a known end has a length.
 */
export function answerRange(body: RangedBody, { headers }: Pick<MockCall, 'headers'>): MockAnswer {
  const { length, fileName } = body;
  const tag = `"${body.tag}"`;
  const shared: MockHeader[] = [
    ['ETag', tag],
    ['Accept-Ranges', 'bytes'],
    ['Cache-Control', 'no-cache'],
  ];
  if (namesTag(headers['if-none-match'], tag)) return { kind: 'whole', status: 304, headers: shared, text: '' };
  const ifRange = headers['if-range'];
  const range = ifRange === undefined || ifRange.trim() === tag ? rangeOf(headers['range'], length) : null;
  if (range === 'unsatisfiable') {
    const message = `The range lies outside of the ${String(length)} bytes that there are.`;
    return errorAnswer(416, 'range-not-satisfiable', message, { length }, [
      ...shared,
      ['Content-Range', `bytes */${String(length)}`],
    ]);
  }
  const { from, to } = range ?? { from: 0, to: length };
  const described: MockHeader[] = [['Content-Type', body.contentType], ...shared];
  if (fileName !== null) described.push(['Content-Disposition', `attachment; filename="${fileName}"`]);
  if (range !== null) described.push(['Content-Range', `bytes ${String(from)}-${String(to - 1)}/${String(length)}`]);
  const status = range === null ? 200 : 206;
  return { kind: 'stream', status, headers: described, length: to - from, steps: body.steps(from, to) };
}

function namesTag(header: string | undefined, tag: string): boolean {
  return header !== undefined && (header.trim() === '*' || header.split(',').some((name) => name.trim() === tag));
}

/** A header that cannot be read, or asks for several ranges, is passed over, as RFC 9110 §14.2 has it. */
function rangeOf(header: string | undefined, length: number): Range {
  const [, first, last] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const count = Math.min(length, Number(last));
    return count === 0 ? 'unsatisfiable' : { from: length - count, to: length };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return null;
  if (from >= length) return 'unsatisfiable';
  return { from, to: last === '' ? length : Math.min(length, Number(last) + 1) };
}

/** What of `steps` lies in [from, to); what comes before is made and dropped, without its delays. */
export function* stepsBetween(
  steps: Iterable<MockStep>,
  from: number,
  to: number,
): Generator<MockStep, void, undefined> {
  let at = 0;
  for (const step of steps) {
    const begin = Math.max(0, from - at);
    const end = Math.min(step.bytes.length, to - at);
    at += step.bytes.length;
    if (end > begin) yield { ...step, bytes: step.bytes.subarray(begin, end) };
    if (at >= to) return;
  }
}
