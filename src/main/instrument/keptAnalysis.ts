import { z } from 'zod';
import { Analysis, type AnalysisOptions, type KeptAnalysis } from '../../engine/recording/analysis.ts';
import { splitSummaries } from '../../engine/recording/frameBlocks.ts';
import type { BlockPort } from '../../engine/recording/frameIndex.ts';
import { framings, severities } from '../../shared/words.ts';
import type { RecordingReader, RecordingWriter } from '../store/recordingStore.ts';
import { messageTextCache, searchedTextBytes } from '../store/recordingText.ts';
import { derivedVersion } from './openedRecording.ts';

const kind = 'analysis';
/** The summaries of all blocks of frames, together: alone, each lies elsewhere in the file. */
const summariesKind = 'frame-summaries';
const numbers = z.array(z.number());
const micros = z.number().nullable();

const placedDiagnostic = z.object({
  micros: z.number(),
  diagnostic: z.object({
    code: z.string(),
    severity: z.enum(severities),
    message: z.string(),
    frame: z.number().exactOptional(),
    offset: z.number().exactOptional(),
    length: z.number().exactOptional(),
  }),
});

/** A kept analysis comes from a file, and files may come from anywhere. */
const keptSchema = z.object({
  decision: z
    .object({
      framing: z.enum(framings),
      shape: z.string().nullable(),
      by: z.enum(['content-type', 'content', 'user', 'none']),
      reason: z.string(),
    })
    .nullable(),
  bodyBytes: z.number(),
  types: z.object({ names: z.array(z.string()), counts: numbers }),
  diagnostics: z.object({
    items: z.array(placedDiagnostic),
    stated: z.array(placedDiagnostic),
    found: z.array(z.tuple([z.string(), z.number()])),
  }),
  arrivals: z.object({
    frameGaps: numbers,
    chunkGaps: numbers,
    burstWaits: numbers,
    stalls: z.array(
      z.object({ fromMicros: z.number(), toMicros: z.number(), frame: z.number(), heartbeats: z.number() }),
    ),
    stallCount: z.number(),
    firstChunkMicros: micros,
    lastChunkMicros: micros,
    firstFrameMicros: micros,
  }),
  progress: z
    .object({
      unit: z.enum(['records', 'percent']),
      done: z.number(),
      total: z.number(),
      field: z.string(),
      frame: z.number(),
    })
    .nullable(),
  message: z
    .object({
      decision: z.object({
        dialect: z.string(),
        title: z.string(),
        variant: z.string().nullable(),
        by: z.enum(['user', 'hints', 'content']),
        isSettled: z.boolean(),
      }),
      model: z.string().nullable(),
      firstContentFrame: z.number().int().min(-1),
      firstOutputFrame: z.number().int().min(-1),
      lastContentFrame: z.number().int().min(-1),
    })
    .nullable(),
  overview: z.object({ binMicros: z.number(), kinds: z.number(), numbers }).nullable(),
});

/** Keeps an ended analysis in the recording's derived cache; its blocks of frames are there already. */
export function keepAnalysis(writer: RecordingWriter, analysis: Analysis, chunks: number): void {
  const kept: KeptAnalysis = analysis.toKept(chunks);
  writer.putDerived(kind, derivedVersion, 0, {
    summary: new Uint8Array(0),
    bytes: new TextEncoder().encode(JSON.stringify(kept)),
  });
  const summaries = analysis.frames.packedSummaries();
  writer.putDerived(summariesKind, derivedVersion, 0, { summary: new Uint8Array(0), bytes: summaries });
  keepMessageText(writer, analysis);
}

/** Keeps the beginning of the message as text, so that a search finds words that no frame holds whole. */
function keepMessageText(writer: RecordingWriter, analysis: Analysis): void {
  const { kind: textKind, version } = messageTextCache;
  const message = analysis.dialect?.decision === null ? undefined : analysis.dialect?.message;
  if (message === undefined) {
    writer.dropDerived(textKind);
    return;
  }
  let text = '';
  for (const choice of message.choices.values()) {
    for (const pieces of [choice.text, choice.reasoning, choice.refusal])
      text += pieces.slice(0, searchedTextBytes) + '\n';
  }
  for (const call of message.calls) text += `${call.name ?? ''} ${call.arguments.slice(0, searchedTextBytes)}\n`;
  const bytes = new TextEncoder().encode(text.slice(0, searchedTextBytes));
  writer.putDerived(textKind, version, 0, { summary: new Uint8Array(0), bytes });
}

/** The analysis as it was kept, or undefined where there is none of this version or it does not hold together. */
export function restoreAnalysis(
  reader: RecordingReader,
  port: BlockPort,
  options: AnalysisOptions,
): Analysis | undefined {
  const bytes = reader.derivedBlock(kind, derivedVersion, 0);
  if (bytes === undefined) return undefined;
  const parsed = keptSchema.safeParse(jsonOrUndefined(new TextDecoder().decode(bytes)));
  if (!parsed.success) return undefined;
  try {
    const together = reader.derivedBlock(summariesKind, derivedVersion, 0);
    const summaries =
      together === undefined ? reader.derivedSummaries('frames', derivedVersion) : splitSummaries(together);
    return Analysis.restore(port, options, parsed.data, summaries);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
