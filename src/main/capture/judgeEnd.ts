import { brokenTlsFault } from './connectFault.ts';
import { byteCount, type EndingFacts } from './endings.ts';
import type { FramingFault, FramingPosition } from './messageFraming.ts';
import type { ConnectionEnd } from './connectionReader.ts';

export interface EndEvidence {
  /** Where the message stood, as the bytes say. */
  readonly position: FramingPosition;
  readonly fault: FramingFault | null;
  readonly bodyBytes: number;
  /** Null: the connection was still open. */
  readonly wireEnd: ConnectionEnd | null;
  /** What the parser refused; null when it took the message for complete. */
  readonly parserError: Error | null;
}

/**
 * The truth about an end, from three witnesses: the framing of the bytes, the connection and the parser. `complete`
 * needs all of them.
 */
export function judgeEnd(evidence: EndEvidence): EndingFacts {
  const { position, fault, bodyBytes, wireEnd, parserError } = evidence;
  if (fault !== null) return { code: fault.code, message: fault.message, offset: fault.bodyOffset ?? 0 };
  if (wireEnd?.how === 'tls-broken' && position.in !== 'end') {
    return brokenTlsFault(wireEnd.reason, bodyBytes, position.in !== 'nothing');
  }
  if (position.in === 'end') {
    if (parserError === null) return { code: 'end/complete', message: 'The answer is complete.', offset: null };
    return refusedByParser(parserError, bodyBytes);
  }
  if (wireEnd === null) {
    return refusedByParser(parserError ?? new Error('it took an unfinished message for complete'), bodyBytes);
  }
  const closed = wireEnd.how === 'reset' ? 'The connection was reset' : 'The server closed the connection';
  switch (position.in) {
    case 'nothing':
      return { code: 'end/closed-before-answer', message: `${closed} before answering.`, offset: null };
    case 'head': {
      const message = `${closed} in the middle of the response head, after ${byteCount(position.received)} of it.`;
      return { code: 'end/closed-in-head', message, offset: position.received };
    }
    case 'length': {
      const message = `${closed} after ${String(position.received)} of ${byteCount(position.expected)}.`;
      return { code: 'end/short-body', message, offset: bodyBytes };
    }
    case 'chunk': {
      const message = `${closed} in the middle of a chunk: ${String(position.received)} of its ${byteCount(position.size)} had come.`;
      return { code: 'end/chunk-cut', message, offset: bodyBytes };
    }
    case 'between-chunks':
      return { code: 'end/no-last-chunk', message: `${closed} without sending the last chunk.`, offset: bodyBytes };
    case 'trailers':
      return { code: 'end/trailers-cut', message: `${closed} before the trailers were over.`, offset: bodyBytes };
    case 'until-close':
      break;
  }
  if (wireEnd.how === 'reset') {
    const message = 'The connection was reset. The answer has no length, so how much is missing is unknown.';
    return { code: 'end/reset', message, offset: bodyBytes };
  }
  if (wireEnd.how === 'tls-truncated') {
    const message =
      'The connection ended without TLS’s own goodbye, and the answer has no length: it may have been cut on the way.';
    return { code: 'end/tls-truncated', message, offset: bodyBytes };
  }
  if (parserError !== null) return refusedByParser(parserError, bodyBytes);
  const message = 'Ended by close: cannot be verified, because the answer has neither a length nor chunks.';
  return { code: 'end/complete-by-close', message, offset: null };
}

function refusedByParser(error: Error, bodyBytes: number): EndingFacts {
  // llhttp's reason stands in brackets at the end of undici's sentence.
  const reason = /\(([^()]+)\)\.?$/.exec(error.message)?.[1] ?? error.message.replace(/\.$/, '');
  return { code: 'end/protocol', message: `The answer breaks the HTTP/1.1 protocol: ${reason}.`, offset: bodyBytes };
}
