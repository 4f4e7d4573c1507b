import { ByteMasker } from '../../../engine/redaction/byteMasker.ts';
import { maskedText } from '../../../engine/redaction/redactFacts.ts';
import type { ExchangeFacts } from '../../../shared/recording.ts';
import type { OpenedRecording } from '../openedRecording.ts';
import { bytesOf, decodedChunks, wireChunks, type ChunkBatch } from './recordedBytes.ts';
import { maskedBody, withoutCoding, type Redaction } from './redaction.ts';

/** A recording as a file gets it: with its secrets, or with labels in their place. */
export class ExportedRecording {
  readonly recording: OpenedRecording;
  readonly facts: ExchangeFacts;
  /** What the user noted of it; null: nothing. */
  readonly note: string | null;
  readonly #redaction: Redaction | null;

  /** @param redaction null: with everything that is secret in it */
  constructor(recording: OpenedRecording, note: string | null, redaction: Redaction | null) {
    this.recording = recording;
    this.note = redaction === null ? note : redaction.note;
    this.#redaction = redaction;
    const facts = redaction?.facts ?? recording.facts();
    this.facts = redaction?.isDecoded === true ? withoutCoding(facts) : facts;
  }

  get redactions(): Redaction['hidden'] {
    return this.#redaction?.hidden ?? [];
  }

  /** Chunk by chunk as they came on the wire; decoded where coded bytes hold what is to be hidden. */
  *chunks(): Generator<ChunkBatch, void, undefined> {
    const redaction = this.#redaction;
    if (redaction === null || (this.recording.reader.hasDecodedBody && !redaction.isDecoded)) {
      yield* wireChunks(this.recording);
      return;
    }
    const masker = new ByteMasker(redaction.secrets);
    let offset = 0;
    const batches = redaction.isDecoded ? decodedChunks(this.recording) : wireChunks(this.recording);
    const waiting = new WaitingSpans();
    for (const { spans, bytes } of batches) {
      waiting.add(spans);
      yield* waiting.take(masker.push(redaction.edits.applied(bytes, offset)));
      offset += bytes.length;
    }
    yield* waiting.take(masker.finish());
  }

  /** The body, after content decoding. */
  *body(): Generator<Uint8Array, void, undefined> {
    if (this.#redaction === null) {
      yield* bytesOf(this.recording, 'body');
      return;
    }
    const { secrets, edits } = this.#redaction;
    yield* maskedBody(this.recording, edits, new ByteMasker(secrets));
  }

  /** Text that was put together from the body. */
  text(text: string): string {
    if (this.#redaction === null || text === '') return text;
    return maskedText(text, this.#redaction.secrets);
  }
}

/** Chunks whose bytes are not all decided yet. */
class WaitingSpans {
  readonly #spans: ChunkBatch['spans'][number][] = [];
  #bytes: Uint8Array = new Uint8Array(0);

  add(spans: ChunkBatch['spans']): void {
    this.#spans.push(...spans);
  }

  /** The chunks that are whole with these bytes. */
  *take(bytes: Uint8Array): Generator<ChunkBatch, void, undefined> {
    const joined = new Uint8Array(this.#bytes.length + bytes.length);
    joined.set(this.#bytes);
    joined.set(bytes, this.#bytes.length);
    let end = 0;
    let whole = 0;
    for (const { length } of this.#spans) {
      if (end + length > joined.length) break;
      end += length;
      whole++;
    }
    this.#bytes = joined.slice(end);
    const spans = this.#spans.splice(0, whole);
    if (spans.length > 0) yield { spans, bytes: joined.subarray(0, end) };
  }
}
