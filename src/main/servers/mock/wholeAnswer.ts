import type { MockAnswer, MockHeader } from '../../../engine/mock/answer.ts';
import { answerHead } from './performAnswer.ts';
import type { AnswerWire } from './wire/answerWire.ts';

/** Of every answer: nothing here is ever a document with rights, whatever a stream carries. */
const commonHeaders: readonly MockHeader[] = [
  ['Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'"],
  ['X-Content-Type-Options', 'nosniff'],
];

export function withCommonHeaders(answer: MockAnswer): MockAnswer {
  const own = new Set(answer.headers.map(([name]) => name.toLowerCase()));
  const added = commonHeaders.filter(([name]) => !own.has(name.toLowerCase()));
  return { ...answer, headers: [...added, ...answer.headers] };
}

/** Sends an answer that is no stream; of one to HEAD the head alone. */
export async function sendWhole(answer: MockAnswer, wire: AnswerWire): Promise<void> {
  if (answer.kind === 'stream') {
    wire.head(answerHead(answer));
    await wire.end();
    return;
  }
  const { status, headers, text } = answer;
  const bytes = Buffer.from(text, 'utf8');
  wire.head({ status, headers, length: bytes.length, trailers: [], changes: {} });
  wire.chunk(bytes);
  await wire.end();
}
