import { randomUUID } from 'node:crypto';
import { FailureError } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { HarEntry } from '../../engine/recording/harEntry.ts';
import { openHarEntry, openImport, type Import } from '../capture/importFile.ts';
import type { SessionId } from '../rpc/handlers.ts';
import type { LiveRecording } from './liveRecording.ts';

interface OpenImport {
  readonly session: SessionId;
  readonly recording: LiveRecording;
  readonly importer: Import;
  readonly hints: ImportHints;
  receivedBytes: number;
}

export interface ImportHints {
  readonly name: string;
  readonly sizeBytes: number | null;
  readonly contentType: string | null;
  readonly url: string | null;
  readonly sample: boolean;
}

/** Files that windows are bringing in, piece by piece. */
export class Imports {
  readonly #open = new Map<string, OpenImport>();
  readonly #begin: (name: string, sample: boolean) => LiveRecording;
  readonly #keepNote: (id: RecordingId, note: string) => Promise<void>;
  readonly #limits: Limits;

  /**
   * @param begin makes the recording that an import fills
   * @param keepNote keeps what a file says that somebody noted of it
   */
  constructor(
    begin: (name: string, sample: boolean) => LiveRecording,
    keepNote: (id: RecordingId, note: string) => Promise<void>,
    limits: Limits,
  ) {
    this.#begin = begin;
    this.#keepNote = keepNote;
    this.#limits = limits;
  }

  begin(hints: ImportHints, session: SessionId): string {
    const recording = this.#begin(hints.name, hints.sample);
    const importer = openImport(
      { name: hints.name, contentType: hints.contentType, url: hints.url, sizeBytes: hints.sizeBytes },
      recording,
      this.#limits,
    );
    recording.attach(importer);
    const importId = randomUUID();
    this.#open.set(importId, { session, recording, importer, hints, receivedBytes: 0 });
    return importId;
  }

  /** The next bytes of the file. Resolves when they are taken; the caller then sends the next. */
  async append(importId: string, bytes: Uint8Array): Promise<number> {
    const open = this.#find(importId);
    open.receivedBytes += bytes.length;
    const { sizeBytes } = open.hints;
    if (sizeBytes !== null && sizeBytes > 0) {
      open.recording.noteBroughtIn(Math.min(1, open.receivedBytes / sizeBytes));
    }
    if (!open.importer.append(bytes)) await open.importer.drained();
    return open.receivedBytes;
  }

  /** Its recording has its ending already: it was stopped, or reached a limit. What follows is not kept. */
  isOver(importId: string): boolean {
    return this.#find(importId).recording.state !== 'live';
  }

  /**
   * The file is whole; answers with its recordings, the first of them first. A HAR file holds one an exchange, which are
   * made one after the other.
   */
  async finish(importId: string): Promise<readonly [RecordingId, ...RecordingId[]]> {
    const { recording, importer, hints } = this.#find(importId);
    this.#open.delete(importId);
    importer.finish();
    await importer.done;
    if (recording.broughtNote !== null) await this.#keepNote(recording.id, recording.broughtNote);
    const further: RecordingId[] = [];
    for (const entry of importer.further) further.push(await this.#bringIn(entry, hints));
    return [recording.id, ...further];
  }

  async #bringIn(entry: HarEntry, hints: ImportHints): Promise<RecordingId> {
    const recording = this.#begin(hints.name, hints.sample);
    const importer = openHarEntry(
      entry,
      { name: hints.name, contentType: null, url: null, sizeBytes: null },
      recording,
      this.#limits,
    );
    recording.attach(importer);
    await importer.done;
    return recording.id;
  }

  abort(importId: string): void {
    const { importer } = this.#find(importId);
    this.#open.delete(importId);
    importer.abort();
  }

  /** As `abort`; answers with the recording of what was read, once that is over. */
  async giveUp(importId: string): Promise<RecordingId> {
    const { recording, importer } = this.#find(importId);
    this.abort(importId);
    await importer.done;
    return recording.id;
  }

  closeSession(session: SessionId): void {
    for (const [importId, open] of this.#open) if (open.session === session) this.abort(importId);
  }

  #find(importId: string): OpenImport {
    const open = this.#open.get(importId);
    if (open === undefined) {
      throw new FailureError({
        code: 'import/not-open',
        message: 'This file is not being brought in any more. Open it again.',
        retry: true,
      });
    }
    return open;
  }
}
