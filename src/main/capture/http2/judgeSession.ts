import { brokenTlsFault } from '../connectFault.ts';
import type { ConnectionEnd } from '../connectionReader.ts';
import { byteCount, type EndingFacts } from '../endings.ts';
import { errorCode, errorName } from '../../../engine/http2/frame.ts';
import type { Http2Session } from './session.ts';

type SessionEvidence = Pick<
  Http2Session,
  'fault' | 'ended' | 'reset' | 'goAway' | 'isRefused' | 'head' | 'bodyBytes' | 'position'
>;

/**
 * The truth about the end of an HTTP/2 answer, from its frames and the connection (null: it was still open).
 * `complete` needs END_STREAM, in a message that breaks no rule; the code of a reset never makes it so.
 */
export function judgeSession(session: SessionEvidence, connectionEnd: ConnectionEnd | null): EndingFacts {
  const { fault, bodyBytes, goAway } = session;
  if (fault !== null) return { code: fault.code, message: fault.message, offset: fault.bodyOffset ?? 0 };
  if (session.ended) return { code: 'end/complete', message: 'The answer is complete.', offset: null };
  if (session.reset !== null) return judgeReset(session, session.reset);
  if (session.isRefused && goAway !== null) {
    const message = `The server is closing the connection (GOAWAY ${errorName(goAway.code)}${quoted(goAway.debug)}) and did not work on the request. It can be sent again.`;
    return { code: 'end/h2-refused', message, offset: null };
  }
  if (connectionEnd?.how === 'tls-broken') {
    return brokenTlsFault(connectionEnd.reason, bodyBytes, session.head !== null);
  }
  const closed = connectionEnd?.how === 'reset' ? 'The connection was reset' : 'The server closed the connection';
  const announced =
    goAway === null ? '' : ` after it had said so (GOAWAY ${errorName(goAway.code)}${quoted(goAway.debug)})`;
  const position = session.position();
  if (goAway !== null && session.head === null) {
    return { code: 'end/h2-goaway-before-head', message: `${closed}${announced} and did not answer.`, offset: null };
  }
  if (goAway !== null) {
    const message = `${closed}${announced}, before the end of the answer. ${soFar(session)}`;
    return { code: 'end/h2-goaway', message, offset: bodyBytes };
  }
  switch (position.in) {
    case 'nothing':
      return { code: 'end/closed-before-answer', message: `${closed} before answering.`, offset: null };
    case 'head': {
      const message = `${closed} in the middle of the response head, after ${byteCount(position.received)} of it.`;
      return { code: 'end/closed-in-head', message, offset: position.received };
    }
    case 'frame': {
      const message = `${closed} in the middle of a DATA frame: ${String(position.received)} of its ${byteCount(position.length)} had come.`;
      return { code: 'end/h2-frame-cut', message, offset: bodyBytes };
    }
    case 'trailers':
      return { code: 'end/trailers-cut', message: `${closed} before the trailers were over.`, offset: bodyBytes };
    default:
      return {
        code: 'end/h2-no-end-stream',
        message: `${closed} without ending the answer. ${soFar(session)}`,
        offset: bodyBytes,
      };
  }
}

function judgeReset({ head, bodyBytes }: SessionEvidence, code: number): EndingFacts {
  const name = errorName(code);
  if (head !== null) {
    const message = `The server reset the stream (${name}) after ${byteCount(bodyBytes)} of the answer, before its end.`;
    return { code: 'end/h2-reset', message, offset: bodyBytes };
  }
  switch (code) {
    case errorCode.refusedStream: {
      const message = `The server did not work on the request (RST_STREAM ${name}). It can be sent again.`;
      return { code: 'end/h2-refused', message, offset: null };
    }
    case errorCode.http11Required: {
      const message = `The server wants this request in HTTP/1.1 (RST_STREAM ${name}). Ask for HTTP/1.1.`;
      return { code: 'end/h2-http1-required', message, offset: null };
    }
    default:
      return {
        code: 'end/h2-reset-before-head',
        message: `The server reset the stream (${name}) before answering.`,
        offset: null,
      };
  }
}

function soFar({ head, bodyBytes }: SessionEvidence): string {
  const announced = head?.contentLength ?? null;
  if (announced === null) return `${byteCount(bodyBytes)} had come; how much is missing is unknown.`;
  return `${String(bodyBytes)} of ${byteCount(announced)} had come.`;
}

function quoted(debug: string): string {
  return debug === '' ? '' : `, “${debug}”`;
}
