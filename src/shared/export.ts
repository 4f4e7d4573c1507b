/** What a recording can be written as; `text` is what a token stream says, or the payloads of other frames. */
export const exportFormats = [
  'jsonl',
  'har',
  'raw',
  'frames',
  'csv',
  'text',
  'curl',
  'fetch',
  'python',
  'aimock',
] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** How the names of such files end. */
export const exportEndings: Readonly<Record<ExportFormat, string>> = Object.freeze({
  jsonl: '.stream.jsonl',
  har: '.har',
  raw: '.body',
  frames: '.frames.ndjson',
  csv: '.frames.csv',
  text: '.txt',
  curl: '.sh',
  fetch: '.mjs',
  python: '.py',
  aimock: '.aimock.json',
});

/** What an export hides: kinds of secrets, never the secrets. */
export interface HiddenSecrets {
  readonly kind: string;
  /** Places in the whole recording: request, answer and body. */
  readonly count: number;
}

export interface ExportPreview {
  readonly hidden: readonly HiddenSecrets[];
  /** The body is written decoded, because secrets in coded bytes cannot be hidden at equal length. */
  readonly isDecoded: boolean;
}

/** The next piece of a file. */
export interface ExportPiece {
  /** Empty while the recording is still looked through. */
  readonly bytes: Uint8Array;
  /** 0…1 of the work. */
  readonly share: number;
  readonly isLast: boolean;
}
