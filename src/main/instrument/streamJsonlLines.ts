import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { ChunkIndex } from '../../engine/recording/chunkIndex.ts';
import { encodeEventLine, encodeHeaderLine } from '../../engine/recording/streamJsonl.ts';
import type { RecordingReader } from '../store/recordingStore.ts';

/**
 * A stored recording in the text interchange format (`.stream.jsonl`), a line at a time and with everything that is
 * secret in it. Marks come before the chunks; their times say where they belong.
 * @throws FailureError where the store meets damage
 */
export function* streamJsonlLines(reader: RecordingReader): Generator<string, void, undefined> {
  const facts = reader.facts();
  const { source, startedAt, request, timesKnown, ending } = facts;
  yield encodeHeaderLine({
    startedAt,
    source,
    request,
    timesKnown,
    bordersKnown: facts.bordersKnown !== false,
    redactions: [],
  });
  for (const mark of facts.marks) yield encodeEventLine({ kind: 'mark', mark });
  if (facts.sentHeaders.length > 0) {
    const atMicros = facts.marks.find(({ name }) => name === 'request-sent')?.atMicros ?? 0;
    yield encodeEventLine({ kind: 'sent', atMicros, headers: facts.sentHeaders });
  }
  if (facts.head !== null) yield encodeEventLine({ kind: 'head', head: facts.head });
  const chunks = new ChunkIndex((segment) => reader.pairs(segment));
  for (const segment of reader.segments(0)) chunks.seal(segment);
  const digest = createHash('sha256');
  for (let n = 0; n < chunks.count; n++) {
    let line = '';
    chunks.visit(n, n + 1, (run, _first, at) => {
      const start = run.offset[at] as number;
      const bytes = reader.read('wire', start, (run.offset[at + 1] as number) - start);
      digest.update(bytes);
      const atMicros = run.micros[at] as number;
      line = encodeEventLine({ kind: 'chunk', atMicros, bytes, continues: run.continues[at] === 1 }, isUtf8);
    });
    yield line;
  }
  const endMicros = ending?.atMicros ?? chunks.lastMicros ?? 0;
  if (facts.trailers.length > 0) {
    yield encodeEventLine({ kind: 'trailers', atMicros: endMicros, headers: facts.trailers });
  }
  if (ending === null) return;
  yield encodeEventLine({
    kind: 'end',
    end: { ending, wireBytes: chunks.wireBytes, chunks: chunks.count, sha256: digest.digest('hex') },
  });
}
