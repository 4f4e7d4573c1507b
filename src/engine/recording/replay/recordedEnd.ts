import type { Ending } from '../../../shared/recording.ts';

/**
 * How a replay ends on the wire. `complete`: as the protocol ends a body; `close`: the connection is closed (FIN) where
 * the body stands; `reset`: it is reset (RST).
 */
export interface ReplayEnd {
  readonly how: 'complete' | 'close' | 'reset';
  /** Chunked bodies: the last chunk is sent before the connection is lost, its trailer section is not. */
  readonly afterLastChunk?: true;
  /** Chunked bodies: the size of a chunk is announced, and none of its bytes comes. */
  readonly announcedBytes?: number;
  /** Chunked bodies: these characters follow where the size of a chunk should, and break the protocol. */
  readonly breakWith?: string;
  /** Chunked bodies: the last chunk's data is not followed by its CRLF. */
  readonly leavesChunkOpen?: true;
  /** How it differs from the recorded end, for a person; null: not at all. */
  readonly note: string | null;
}

/** The recorded end, and what is missing of a chunk that it lies in. */
export interface RecordedEnd extends ReplayEnd {
  readonly missingBytes: number;
}

/** An ending says by its sentence whether the connection was closed or reset, and how much of a chunk had come. */
const resetSentence = /\breset\b/;
const chunkSentence = /: ([\d,]+) of its ([\d,]+) bytes? had come/;

/** What has to happen on the wire for a recording to end as it did. @param ending null: it was interrupted */
export function recordedEnd(ending: Ending | null): RecordedEnd {
  if (ending === null) {
    return closing('The recording was interrupted: where it stops, the replay closes the connection.');
  }
  const { code, kind, message } = ending;
  if (code === 'end/coding-truncated' || kind === 'complete') return { how: 'complete', note: null, missingBytes: 0 };
  const how = resetSentence.test(message) ? 'reset' : 'close';
  switch (code) {
    case 'end/chunk-cut': {
      const [, received, size] = chunkSentence.exec(message) ?? [];
      const missing = numberOf(size) - numberOf(received);
      if (!(missing > 0)) {
        const note =
          'How long the chunk was that the recording was cut in is not known: it is announced one byte longer.';
        return { how, note, missingBytes: 1 };
      }
      if (received === '0') return { how, note: null, missingBytes: 0, announcedBytes: missing };
      return { how, note: null, missingBytes: missing };
    }
    case 'end/no-last-chunk':
    case 'end/short-body':
    case 'end/reset':
    case 'end/closed-before-answer':
      return { how, note: null, missingBytes: 0 };
    case 'end/trailers-cut':
      return { how, note: null, missingBytes: 0, afterLastChunk: true };
    case 'end/tls-truncated':
      return closing('The recording ended without TLS’s own goodbye: without TLS that is an ordinary close.');
    case 'end/tls-broken':
      return closing('The recording ended with broken TLS: the replay, which has none, closes the connection there.');
    case 'end/invalid-chunk-size':
      return breaking('not-a-size\r\n');
    case 'end/chunk-size-overflow':
      return breaking('fffffffffffffffff\r\n');
    case 'end/bare-lf':
      return breaking('1\n');
    case 'end/chunk-overrun':
      return { ...breaking('more\r\n'), leavesChunkOpen: true };
    case 'end/protocol':
      return breaking('not-a-size\r\n');
    case 'end/h2-reset':
    case 'end/h2-refused':
    case 'end/h2-reset-before-head':
      return { how: 'reset', note: 'The HTTP/2 stream was reset: over HTTP/1.1 the connection is.', missingBytes: 0 };
    case 'end/h2-frame-cut':
      return {
        how,
        note: 'The recording was cut in a DATA frame of unknown length: its chunk is announced one byte longer.',
        missingBytes: 1,
      };
    case 'end/h2-goaway':
    case 'end/h2-no-end-stream':
    case 'end/h2-goaway-before-head':
      return { how, note: null, missingBytes: 0 };
    default:
      break;
  }
  if (kind === 'stopped' || kind === 'timeout' || kind === 'failed-local') {
    return closing(
      'The recording was ended here, not by the server: where it stops, the replay closes the connection.',
    );
  }
  return { ...closing('The recorded end cannot be done again here: the connection is lost at the same byte.'), how };
}

function breaking(breakWith: string): RecordedEnd {
  const note = 'The bytes that broke the chunked coding were not kept: others break it at the same place.';
  return { how: 'close', note, missingBytes: 0, breakWith };
}

function closing(note: string): RecordedEnd {
  return { how: 'close', note, missingBytes: 0 };
}

function numberOf(digits: string | undefined): number {
  return digits === undefined ? NaN : Number(digits.replaceAll(',', ''));
}
