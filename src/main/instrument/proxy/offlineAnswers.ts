import { Buffer } from 'node:buffer';
import type { RecordingSummary } from '../../../shared/recording.ts';
import { defaultReplayOptions } from '../../../shared/replay.ts';
import type { RequestBody } from '../../../shared/request.ts';
import { startReplayServer } from '../../servers/replay/replayServer.ts';
import type { Library, RecordingReader } from '../../store/recordingStore.ts';
import { replaySource } from '../replaySource.ts';

/** Recordings of one address that are looked into for the same body, the newest first. */
const lookedInto = 50;

/** A recorded answer that is served for one exchange. */
export interface OfflineAnswer {
  readonly recordingId: string;
  readonly startedAt: number;
  /** Where it is served. */
  readonly url: URL;
  stop(): Promise<void>;
}

export interface AskedAgain {
  readonly method: string;
  /** Of the upstream. */
  readonly url: string;
  readonly body: Uint8Array;
}

/** Answers from recordings, for when there is no upstream: the newest one of the same method, address and body. */
export class OfflineAnswers {
  readonly #library: Library;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Serves the answer with its own timing; null where nothing was recorded that could be. */
  async serve(asked: AskedAgain, signal: AbortSignal): Promise<OfflineAnswer | null> {
    const candidates = this.#library
      .list()
      .filter((line) => isAnswer(line, asked))
      .slice(0, lookedInto);
    for (const { id, startedAt } of candidates) {
      const opened = this.#library.open(id);
      if (!opened.ok) continue;
      const reader = opened.value;
      if (!isOfBody(reader, asked.body)) {
        reader.close();
        continue;
      }
      try {
        const source = replaySource(reader, []);
        const server = await startReplayServer({ source, replay: defaultReplayOptions, port: 0 }, signal);
        return {
          recordingId: id,
          startedAt,
          url: new URL(server.address.url),
          stop: async () => {
            await server.stop();
            reader.close();
          },
        };
      } catch (error) {
        reader.close();
        if (signal.aborted) throw error;
      }
    }
    return null;
  }
}

function isAnswer(line: RecordingSummary, { method, url }: AskedAgain): boolean {
  if (line.method !== method || line.url !== url || line.status === null) return false;
  return line.endingKind === 'complete' || line.endingKind === 'cut' || line.endingKind === 'invalid';
}

function isOfBody(reader: RecordingReader, wanted: Uint8Array): boolean {
  const { request, proxied } = reader.facts();
  if (request === null || proxied?.requestShortened !== undefined) return false;
  const bytes = bytesOf(request.body);
  return bytes !== null && Buffer.from(wanted).equals(bytes);
}

/** Null: of files or forms, whose bytes a recording does not hold. */
function bytesOf(body: RequestBody): Buffer | null {
  switch (body.kind) {
    case 'none':
      return Buffer.alloc(0);
    case 'text':
      return Buffer.from(body.text, 'utf8');
    case 'bytes':
      return Buffer.from(body.bytes);
    case 'file':
    case 'multipart':
      return null;
  }
}
