import type { BorderKind } from '../../shared/words.ts';

/** What the borders between chunks are, for a person. */
export interface BorderWords {
  /** What a full line stands for. */
  readonly border: string;
  /** What a dotted line stands for; null where there is none. */
  readonly read: string | null;
  /** What that means here, in a sentence or two. */
  readonly means: string;
}

export const borderWords: Readonly<Record<BorderKind, BorderWords>> = Object.freeze({
  'http-chunk': {
    border: 'HTTP chunk begins',
    read: 'more of it arrives',
    means:
      'HTTP/1.1 chunks. A chunk that came in several reads of the connection is shown in as many parts, each with its own time.',
  },
  'data-frame': {
    border: 'DATA frame begins',
    read: 'more of it arrives',
    means:
      'DATA frames of HTTP/2. A frame that came in several reads of the connection is shown in as many parts, each with its own time.',
  },
  read: {
    border: 'read of the connection',
    read: null,
    means:
      'Reads of the connection. The body is not divided by its sender, so borders say what arrived together, no more.',
  },
  unknown: {
    border: 'chunk or read begins',
    read: null,
    means:
      'Chunks or reads of the connection: the recording does not tell which, because it was made by a version or a tool that did not keep it.',
  },
});
