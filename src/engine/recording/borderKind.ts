import type { ResponseHead } from '../../shared/recording.ts';
import type { BorderKind } from '../../shared/words.ts';
import { headerValue } from '../diagnostics/headRules.ts';

/** What the chunk borders of an answer's body are, as its head says. */
export function borderKindOf(head: ResponseHead): BorderKind {
  if (head.httpVersion === '2') return 'data-frame';
  const coding = headerValue(head.headers, 'transfer-encoding');
  return coding !== null && /\bchunked\b/i.test(coding) ? 'http-chunk' : 'read';
}
