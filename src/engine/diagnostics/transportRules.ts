import { counted, quoted, word, type CatalogueRule } from './rule.ts';

/** Noteworthy facts about how a transfer ended that are not the ending itself. */
export const endingRules: readonly CatalogueRule[] = [
  {
    code: 'end/extra-bytes',
    severity: 'warning',
    title: 'Bytes after the end of the body',
    advice: 'Mend the Content-Length of the server: clients drop these bytes or take them for the next answer.',
    isChecked: true,
    sentence: (d) =>
      `${counted(d, 'bytes', 'byte')} came after the end of the body: ${quoted(d, 'preview', 'unreadable bytes')}.`,
  },
  {
    code: 'end/long-chunk-extension',
    severity: 'warning',
    title: 'A very long chunk extension',
    advice: 'No known client uses chunk extensions; some refuse long ones.',
    isChecked: true,
    sentence: (d) => `A chunk of the transfer carries an extension of ${counted(d, 'bytes', 'byte')}.`,
  },
  {
    code: 'http/chunk-extension',
    severity: 'info',
    title: 'A chunk with an extension',
    advice: 'Clients ignore chunk extensions: nothing that a program needs should stand in one.',
    isChecked: true,
    sentence: (d) =>
      `The HTTP chunk at byte ${word(d, 'wireOffset')} of the transfer carries the extension ${quoted(d, 'extension', 'of unreadable bytes')}.`,
  },
  {
    code: 'http/more-chunk-extensions',
    severity: 'info',
    title: 'More chunk extensions than are shown',
    advice: 'Look for what marks every chunk: a proxy or a server that signs its chunks, for example.',
    isChecked: true,
    sentence: (d) => `${counted(d, 'count', 'chunk extension')} came; the first ${word(d, 'shown')} are shown.`,
  },
  {
    code: 'end/many-informational',
    severity: 'warning',
    title: 'Very many 1xx answers before the real one',
    advice: 'Look for a loop in the server; clients give up at a limit of their own.',
    isChecked: true,
    sentence: (d) => `More than ${counted(d, 'limit', 'informational answer')} came before the real one.`,
  },
  {
    code: 'end/coding-trailing',
    severity: 'warning',
    title: 'Bytes after the compressed data',
    advice: 'Look for something that appends to an answer after it was compressed.',
    isChecked: true,
    sentence: (d) =>
      `${counted(d, 'bytes', 'byte')} follow the end of the ${word(d, 'coding')} data; they were not decoded.`,
  },
  {
    code: 'end/coding-truncated',
    severity: 'error',
    title: 'The compressed data ended early',
    advice: 'What could be decoded is shown; the rest never came.',
    isChecked: true,
    sentence: (d) => `The ${word(d, 'coding')} data ended early.`,
  },
  {
    code: 'end/coding-corrupt',
    severity: 'error',
    title: 'The compressed data is corrupt',
    advice: 'What could be decoded is shown, and the wire bytes are kept.',
    isChecked: true,
    sentence: (d) => `The ${word(d, 'coding')} data cannot be decompressed.`,
  },
  {
    code: 'end/coding-mismatch',
    severity: 'error',
    title: 'The body is not compressed as its head says',
    advice: 'Mend Content-Encoding: ordinary clients fail on this answer.',
    isChecked: true,
    sentence: (d) => `The head says ${word(d, 'coding')}, but the body is not; it is shown as it was received.`,
  },
  {
    code: 'end/decoding-limit',
    severity: 'warning',
    title: 'Decoding was stopped at a limit',
    advice: 'A tiny body that unpacks to a huge one may be an attack; the recording itself goes on.',
    isChecked: true,
    sentence: (d) =>
      `Decoding stopped after ${counted(d, 'bytes', 'byte')}: more than ${word(d, 'ratio')} times what was received.`,
  },
];

/** What a response head says that does not go with a stream. */
export const transportRules: readonly CatalogueRule[] = [
  {
    code: 'http/status',
    severity: 'error',
    title: 'The answer has an error status',
    advice: 'Read the body: servers usually say there what they did not like about the request.',
    isChecked: true,
    sentence: (d) =>
      `The server answered ${String(d['status'] ?? 'with an error')} ${String(d['statusText'] ?? '')}`.trimEnd() + '.',
  },
  {
    code: 'head/content-type-mismatch',
    severity: 'warning',
    title: 'The Content-Type does not fit the body',
    advice: 'Mend the Content-Type: clients choose their parser by it.',
    isChecked: true,
    sentence: (d) => `The Content-Type says ${word(d, 'declared')}, but ${word(d, 'found')}.`,
  },
  {
    code: 'head/sse-cacheable',
    severity: 'warning',
    title: 'An event stream that may be cached',
    advice: 'Send Cache-Control: no-cache (or no-store) with an event stream.',
    isChecked: true,
    sentence: (d) =>
      `This event stream is sent with ${quoted(d, 'cacheControl', 'no Cache-Control at all')}, so something on the way may cache it.`,
  },
  {
    code: 'head/compressed-stream',
    severity: 'info',
    title: 'A compressed stream',
    advice: 'Make sure that the compressor flushes after each message, or leave compression out for streams.',
    isChecked: true,
    sentence: (d) => `The stream is compressed with ${word(d, 'coding')}, which may hold messages back.`,
  },
  {
    code: 'head/unknown-coding',
    severity: 'warning',
    title: 'A content coding that is not known here',
    advice: 'The body is shown as it was received; ask the server for gzip, br or identity.',
    isChecked: true,
    sentence: (d) =>
      `The body is coded with ${quoted(d, 'coding', 'something')}, which is not decoded here; it is shown as bytes.`,
  },
  {
    code: 'head/accel-buffering-missing',
    severity: 'info',
    title: 'A stream behind nginx without X-Accel-Buffering',
    advice: 'Send X-Accel-Buffering: no, or nginx may collect the stream before it passes it on.',
    isChecked: true,
    sentence: () => 'nginx is in front of this stream and was not told not to buffer it.',
  },
  {
    code: 'head/content-length-on-stream',
    severity: 'warning',
    title: 'An event stream with a fixed length',
    advice: 'Leave Content-Length out: with it the stream ends at that byte, or something collected it first.',
    isChecked: true,
    sentence: (d) =>
      `The event stream has a Content-Length of ${word(d, 'length')}, so it was complete before it was sent.`,
  },
  {
    code: 'head/charset-ignored',
    severity: 'warning',
    title: 'A charset that event streams do not have',
    advice: 'Send UTF-8 and leave the charset out: clients read event streams as UTF-8 whatever it says.',
    isChecked: true,
    sentence: (d) =>
      `The Content-Type names the charset ${word(d, 'charset')}, but event streams are always read as UTF-8.`,
  },
  {
    code: 'head/http1.0-stream',
    severity: 'warning',
    title: 'A stream over HTTP/1.0',
    advice: 'Let the proxy or server speak HTTP/1.1: without chunks nobody can see whether the stream is whole.',
    isChecked: true,
    sentence: () => 'The stream came over HTTP/1.0, which has no chunks: its end cannot be told from a cut.',
  },
];
