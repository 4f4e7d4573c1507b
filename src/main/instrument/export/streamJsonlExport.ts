import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { encodeEventLine, encodeHeaderLine } from '../../../engine/recording/streamJsonl.ts';
import { endsWithoutEnding } from '../../capture/importStreamJsonl.ts';
import type { ExchangeFacts } from '../../../shared/recording.ts';
import type { ExportedRecording } from './exportedRecording.ts';

/**
 * A recording in the text interchange format (`.stream.jsonl`), piece by piece. Marks come before the chunks; their
 * times say where they belong.
 * @throws FailureError where the store meets damage
 */
export function* streamJsonl(exported: ExportedRecording): Generator<string, void, undefined> {
  const { facts } = exported;
  const { startedAt, request, timesKnown, ending } = facts;
  yield encodeHeaderLine({
    startedAt,
    source: facts.recordedSource ?? facts.source,
    request,
    timesKnown,
    bordersKnown: facts.bordersKnown !== false,
    redactions: exported.redactions,
    choices: {
      ...(facts.framingOverride === null ? {} : { framing: facts.framingOverride }),
      ...(facts.jsonPathOverride === undefined ? {} : { jsonPath: facts.jsonPathOverride }),
      ...(facts.dialectOverride === undefined ? {} : { dialect: facts.dialectOverride }),
      ...(facts.importedContentType === undefined ? {} : { contentType: facts.importedContentType }),
      ...(facts.frameLimitOffsets === undefined ? {} : { frameLimitOffsets: facts.frameLimitOffsets }),
    },
  });
  for (const mark of facts.marks) yield encodeEventLine({ kind: 'mark', mark });
  if (facts.sentHeaders.length > 0) {
    const atMicros = facts.marks.find(({ name }) => name === 'request-sent')?.atMicros ?? 0;
    yield encodeEventLine({ kind: 'sent', atMicros, headers: facts.sentHeaders });
  }
  if (exported.note !== null) yield encodeEventLine({ kind: 'note', atMicros: 0, text: exported.note });
  for (const finding of facts.transportFindings ?? []) yield encodeEventLine({ kind: 'finding', finding });
  if (facts.head !== null) yield encodeEventLine({ kind: 'head', head: facts.head });
  const reconnections = [...(facts.reconnections ?? [])];
  const digest = createHash('sha256');
  let chunk = 0;
  let wireBytes = 0;
  let lastMicros = 0;
  for (const { spans, bytes } of exported.chunks()) {
    let at = 0;
    let lines = '';
    for (const { atMicros, length, continues } of spans) {
      while (reconnections[0] !== undefined && reconnections[0].firstChunk <= chunk) {
        lines += encodeEventLine({ kind: 'reconnecting', reconnection: reconnections[0] });
        reconnections.shift();
      }
      lines += encodeEventLine({ kind: 'chunk', atMicros, bytes: bytes.subarray(at, at + length), continues }, isUtf8);
      at += length;
      chunk++;
      lastMicros = atMicros;
    }
    digest.update(bytes);
    wireBytes += bytes.length;
    yield lines;
  }
  for (const reconnection of reconnections) yield encodeEventLine({ kind: 'reconnecting', reconnection });
  // What was brought in without its ending goes out without it, too.
  const ended = isCutFile(facts) ? null : ending;
  const endMicros = ended?.atMicros ?? lastMicros;
  if (facts.trailers.length > 0) {
    yield encodeEventLine({ kind: 'trailers', atMicros: endMicros, headers: facts.trailers });
  }
  if (ended === null) return;
  yield encodeEventLine({ kind: 'end', end: { ending: ended, wireBytes, chunks: chunk, sha256: digest.digest('hex') } });
}

/** A recording brought in from a file that ends before the recording’s ending. */
function isCutFile({ recordedSource, ending }: ExchangeFacts): boolean {
  return recordedSource !== undefined && ending?.message.startsWith(endsWithoutEnding) === true;
}
