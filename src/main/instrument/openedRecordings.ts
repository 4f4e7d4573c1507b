import type { RecordingId } from '../../shared/words.ts';
import type { OpenedRecording } from './openedRecording.ts';

/** Ended recordings kept open for questions; the longest unasked one is closed. */
const openedAtMost = 8;

/** Ended recordings that were asked about lately. Whatever is kept here is closed by it, unless it is taken out. */
export class OpenedRecordings {
  readonly #opened = new Map<RecordingId, OpenedRecording>();

  /** The recording of that id, now the one asked about last. */
  get(id: RecordingId): OpenedRecording | undefined {
    const known = this.take(id);
    if (known !== undefined) this.#opened.set(id, known);
    return known;
  }

  has(id: RecordingId): boolean {
    return this.#opened.has(id);
  }

  keep(recording: OpenedRecording): void {
    this.#opened.set(recording.id, recording);
    for (const [id, oldest] of this.#opened) {
      if (this.#opened.size <= openedAtMost) break;
      this.#opened.delete(id);
      oldest.close();
    }
  }

  /** Hands a recording out: who takes it closes it. */
  take(id: RecordingId): OpenedRecording | undefined {
    const known = this.#opened.get(id);
    this.#opened.delete(id);
    return known;
  }

  close(): void {
    for (const opened of this.#opened.values()) opened.close();
    this.#opened.clear();
  }
}
