import type { ExchangeFacts } from '../../shared/recording.ts';
import type { BorderKind } from '../../shared/words.ts';
import { headerValue } from '../../shared/headerValue.ts';

/** What the chunk borders of an answer's body are, as its head says; null before the head. */
export function borderKindOf(facts: Pick<ExchangeFacts, 'head' | 'bordersKnown'>): BorderKind | null {
  const { head, bordersKnown } = facts;
  if (head === null) return null;
  const divided = dividedBy(head.httpVersion, headerValue(head.headers, 'transfer-encoding'));
  if (divided === null) return 'read';
  return bordersKnown === false ? 'unknown' : divided;
}

function dividedBy(httpVersion: string, transferEncoding: string | null): 'http-chunk' | 'data-frame' | null {
  if (httpVersion === '2') return 'data-frame';
  return transferEncoding !== null && /\bchunked\b/i.test(transferEncoding) ? 'http-chunk' : null;
}
