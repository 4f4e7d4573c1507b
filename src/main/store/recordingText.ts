import { existsSync } from 'node:fs';
import { FailureError } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { recordingPath } from './folderScan.ts';
import type { RecordingText } from './searchIndex.ts';
import { plainText } from './searchIndex.ts';
import { StoredReader } from './storedReader.ts';

/** How much of a recording's body is searched, and of its message. */
export const searchedTextBytes = 65_536;

/** The derived cache that holds the message of a token stream as text, put together from its frames. */
export const messageTextCache = Object.freeze({ kind: 'message-text', version: '1' });

/** What of a recording is searched: the beginnings of its body and of its message. Nothing where it cannot be read. */
export function recordingText(folder: string, id: RecordingId): RecordingText {
  const file = recordingPath(folder, id);
  const opened = file !== undefined && existsSync(file) ? StoredReader.open(file, id) : undefined;
  if (opened?.ok !== true) return { body: '', message: '' };
  const reader = opened.value;
  try {
    const message = reader.derivedBlock(messageTextCache.kind, messageTextCache.version, 0);
    return {
      body: textOf(reader.read('body', 0, searchedTextBytes)),
      message: textOf(message?.subarray(0, searchedTextBytes) ?? new Uint8Array(0)),
    };
  } catch (error) {
    // A damaged recording is told as one where it is opened; here it has no text.
    if (error instanceof FailureError) return { body: '', message: '' };
    throw error;
  } finally {
    reader.close();
  }
}

function textOf(bytes: Uint8Array): string {
  return plainText(new TextDecoder().decode(bytes));
}
