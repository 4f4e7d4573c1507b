import { scenarioFromRecording } from '../../engine/mock/scenario/fromRecording.ts';
import { FailureError } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { ExportedRecording } from './export/exportedRecording.ts';
import type { Exports } from './export/exports.ts';

/**
 * A recording as a scenario, without its secrets, as in an export.
 * @throws FailureError where there is no answer in it, or where its secrets cannot be hidden
 */
export async function scenarioOfRecording(
  exports: Exports,
  id: RecordingId,
  title: string | null,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly text: string; readonly notes: readonly string[] }> {
  const { exported, check } = await exports.redacted(id, signal);
  const { facts, recording } = exported;
  const { head } = facts;
  if (head === null) {
    throw new FailureError({
      code: 'scenario/impossible',
      message: 'There is no answer with a head in this recording that a scenario could send.',
    });
  }
  const method = facts.request?.method ?? 'GET';
  const { text, notes } = scenarioFromRecording({
    title: exported.text(title ?? `Recording ${id}`).slice(0, 200),
    method,
    head,
    requestMicros:
      facts.marks.findLast(({ name, atMicros }) => name === 'request-sent' && atMicros <= head.atMicros)?.atMicros ?? 0,
    timesKnown: facts.timesKnown,
    chunks: chunksOf(exported),
    chunkCount: recording.chunks.count,
    trailers: facts.trailers,
    ending: facts.ending,
  });
  check(new TextEncoder().encode(text));
  const hidden = exported.redactions.reduce((sum, { count }) => sum + count, 0);
  const reconnected = (facts.reconnections ?? []).length > 0;
  return {
    name: nameOf(title ?? id),
    text,
    notes: [
      ...notes,
      ...(hidden > 0 ? [`Secrets were hidden in ${String(hidden)} ${hidden === 1 ? 'place' : 'places'}.`] : []),
      ...(reconnected ? ['It went on over later connections: their bytes follow in the same answer.'] : []),
    ],
  };
}

function* chunksOf(exported: ExportedRecording) {
  for (const { spans, bytes } of exported.chunks()) {
    let at = 0;
    for (const { atMicros, length, continues } of spans) {
      yield { atMicros, bytes: bytes.subarray(at, at + length), continues };
      at += length;
    }
  }
}

/** A name for a file and an address: what is left of a title. */
function nameOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[^a-z0-9]+|-+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'recording' : plain;
}
