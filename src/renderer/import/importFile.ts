import type { EngineClient } from '../../shared/calls.ts';
import type { RecordingId } from '../../shared/words.ts';

/** What is needed of a file to bring it in. */
export interface ImportSource {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

const pieceBytes = 1_048_576;

/**
 * Hands a file to the engine in pieces of 1 MiB, one at a time, so that its size does not matter here.
 *
 * @param onProgress bytes the engine has received
 * @returns the recordings it became, at least one
 * @throws FailureError of the call that failed; the import is then given up on the engine's side too
 */
export async function importFile(
  engine: EngineClient,
  file: ImportSource,
  onProgress: (receivedBytes: number) => void,
  signal: AbortSignal,
): Promise<readonly RecordingId[]> {
  const contentType = file.type === '' ? null : file.type;
  const { importId } = await engine.call('import.begin', { name: file.name, size: file.size, contentType }, signal);
  try {
    for (let from = 0; from < file.size; from += pieceBytes) {
      const piece = await file.slice(from, Math.min(file.size, from + pieceBytes)).arrayBuffer();
      const bytes = new Uint8Array(piece);
      const { receivedBytes } = await engine.call('import.append', { importId, bytes }, signal);
      onProgress(receivedBytes);
    }
    return (await engine.call('import.finish', { importId }, signal)).ids;
  } catch (error) {
    // Not with the signal: it may be what ended the import. That this fails as well changes nothing for the user.
    await engine.call('import.abort', { importId }).catch(() => undefined);
    throw error;
  }
}
