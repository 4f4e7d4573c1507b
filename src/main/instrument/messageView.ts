import type { AssembledChoice, Assembly } from '../../engine/dialects/assemble.ts';
import { isTerminated } from '../../engine/dialects/endFindings.ts';
import type { Pieces } from '../../engine/dialects/pieces.ts';
import type { DialectReader } from '../../engine/dialects/reader.ts';
import type { AssembledCall } from '../../engine/dialects/toolCall.ts';
import type { TokenCounter } from '../../engine/timing/tokenCounter.ts';
import { tokenMetrics } from '../../engine/timing/tokenMetrics.ts';
import { countAtMost } from '../../engine/recording/growing.ts';
import type { Input } from '../../shared/calls.ts';
import type { MessageAnswer, MessageCall, MessageText, MessageView, TokenMetrics } from '../../shared/message.ts';
import type { OpenedRecording } from './openedRecording.ts';

/** UTF-16 units of one text in one answer; the rest is asked for. */
const textUnits = 262_144;
const argumentUnits = 65_536;
const resultUnits = 65_536;
const callsAtMost = 1_000;
const citationsAtMost = 100;

/** A number for each message that was ever put together: a message that is decoded anew is another object. */
const generations = new WeakMap<Assembly, number>();
let nextGeneration = 1;

function generationOf(message: Assembly): number {
  const known = generations.get(message);
  if (known !== undefined) return known;
  generations.set(message, nextGeneration);
  return nextGeneration++;
}

/** The numbers of a token stream; tokens are estimated only where a tokenizer is given. */
export function metricsOf(
  recording: OpenedRecording,
  reader: DialectReader,
  counter: TokenCounter | null,
): TokenMetrics {
  const { frames, timesKnown } = recording.analysis;
  return tokenMetrics({
    message: reader.message,
    dialect: reader.dialect?.name ?? '',
    variant: reader.decision?.variant ?? null,
    microsOf: timesKnown ? (frame) => frames.microsOf(frame) : null,
    wireBytes: recording.chunks.wireBytes,
    counter,
  });
}

/**
 * The message for a window: whole where it is short, else the parts the window does not have yet.
 * @param from what the window has already; counts only for the generation it names
 */
export function messageView(
  recording: OpenedRecording,
  reader: DialectReader,
  counter: TokenCounter | null,
  from: Input<'recording.message'>['have'],
): MessageView | null {
  const { decision, dialect, message } = reader;
  if (decision === null || dialect === undefined) return null;
  const generation = generationOf(message);
  const have = from?.generation === generation ? from : null;
  const calls: MessageCall[] = [];
  let totalCalls = 0;
  message.calls.forEach((call) => {
    if (totalCalls < callsAtMost) calls.push(callOf(call, have?.arguments[totalCalls] ?? 0));
    totalCalls++;
  });
  const { usage } = message;
  return {
    decision,
    generation,
    lastFrame: message.lastFrame,
    id: message.id,
    model: message.model,
    answers: [...message.choices.values()]
      .sort((a, b) => a.index - b.index)
      .map((choice, i) => answerOf(choice, have?.texts[i] ?? [0, 0, 0])),
    calls,
    totalCalls,
    citations: message.citations
      .slice(0, citationsAtMost)
      .map(({ choice, frame, citation }) => ({ choice, frame, json: jsonText(citation, resultUnits) })),
    totalCitations: message.citations.length,
    mediaCharacters: message.mediaCharacters,
    usage:
      usage === null
        ? null
        : {
            input: usage.delta.input,
            output: usage.delta.output,
            reasoning: usage.delta.reasoning,
            raw: jsonText(usage.delta.raw, resultUnits),
            frame: usage.frame,
          },
    errors: message.errors.map(({ code, message: text, frame }) => ({ code, message: text, frame })),
    serverTimings: message.timings.map(({ name, micros, frame }) => ({ name, micros, frame })),
    isTerminated: isTerminated(message, dialect, decision.variant),
    terminatorFrame: message.terminatorFrame,
    metrics: metricsOf(recording, reader, counter),
  };
}

function answerOf(
  choice: AssembledChoice,
  [text, reasoning, refusal]: readonly [number, number, number],
): MessageAnswer {
  return {
    index: choice.index,
    text: textOf(choice.text, text, textUnits),
    reasoning: textOf(choice.reasoning, reasoning, textUnits),
    refusal: textOf(choice.refusal, refusal, textUnits),
    finish: choice.finish,
  };
}

function callOf(call: AssembledCall, from: number): MessageCall {
  const { choice, id, name, kind, runs, status, startFrame, endFrame, result, resultFrame } = call;
  return {
    choice,
    id,
    name,
    kind,
    runs,
    arguments: textOf(call.arguments, from, argumentUnits),
    isWhole: !call.isTruncated && (call.arguments.length > 0 || endFrame !== null),
    status,
    startFrame,
    endFrame,
    result: result === undefined ? null : jsonText(result, resultUnits),
    resultFrame,
  };
}

function textOf(pieces: Pieces, from: number, atMost: number): MessageText {
  const start = Math.min(from, pieces.length);
  const end = Math.min(pieces.length, start + atMost);
  const { frames, ends } = pieces.packed;
  const first = countAtMost(ends, start);
  const last = end === start ? first : Math.min(ends.length, countAtMost(ends, end - 1) + 1);
  return {
    from: start,
    text: pieces.slice(start, end),
    length: pieces.length,
    frames: frames.slice(first, last),
    ends: ends.slice(first, last),
    omitted: pieces.omitted,
  };
}

function jsonText(value: unknown, atMost: number): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length <= atMost ? text : `${text.slice(0, atMost)}…`;
}
