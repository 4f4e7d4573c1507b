/** Limits that are visible, adjustable, and named when they are hit (`faults.md` §3). Bytes unless a name says other. */
export interface Limits {
  readonly headerBytes: number;
  readonly informationalResponses: number;
  readonly redirects: number;
  readonly contentCodings: number;
  /** Decoded bytes per wire byte, past `decodingFreeBytes` of output. */
  readonly decodingRatio: number;
  readonly decodingFreeBytes: number;
  readonly framePreviewBytes: number;
  readonly jsonBytes: number;
  readonly jsonLevels: number;
  readonly recordingBytes: number;
  readonly freeDiskBytes: number;
  /** Received but not yet written; beyond it the socket is paused. */
  readonly unwrittenBytes: number;
}

const kibi = 1024;
const mebi = 1024 * kibi;
const gibi = 1024 * mebi;

export const defaultLimits: Limits = Object.freeze({
  headerBytes: 64 * kibi,
  informationalResponses: 100,
  redirects: 10,
  contentCodings: 5,
  decodingRatio: 1000,
  decodingFreeBytes: 10 * mebi,
  framePreviewBytes: 64 * kibi,
  jsonBytes: 8 * mebi,
  jsonLevels: 512,
  recordingBytes: 10 * gibi,
  freeDiskBytes: gibi,
  unwrittenBytes: 8 * mebi,
});
