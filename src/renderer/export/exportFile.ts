import type { EngineClient } from '../../shared/calls.ts';
import type { ExportFormat } from '../../shared/export.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { NamedFile } from '../ui/saveFile.ts';

/**
 * Pulls an export out of the engine, a piece at a time. The browser keeps the pieces, on the disk when they are many.
 *
 * @param onProgress 0…1 of the work, and the bytes of the file so far
 * @throws FailureError of the call that failed; the export is then given up on the engine's side too
 */
export async function exportFile(
  engine: EngineClient,
  wish: { readonly id: RecordingId; readonly format: ExportFormat; readonly withSecrets: boolean },
  onProgress: (share: number, bytes: number) => void,
  signal: AbortSignal,
): Promise<NamedFile> {
  const { exportId, name } = await engine.call('export.begin', wish, signal);
  try {
    const pieces: Blob[] = [];
    let length = 0;
    for (;;) {
      const { bytes, share, isLast } = await engine.call('export.read', { exportId }, signal);
      length += bytes.length;
      if (bytes.length > 0) pieces.push(new Blob([new Uint8Array(bytes)]));
      onProgress(share, length);
      if (isLast) return { name, contents: new Blob(pieces) };
    }
  } catch (error) {
    // Not with the signal: it may be what ended the export. That this fails as well changes nothing for the user.
    await engine.call('export.end', { exportId }).catch(() => undefined);
    throw error;
  }
}
