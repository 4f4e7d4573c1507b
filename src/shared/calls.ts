import { z } from 'zod';
import type { ChunkSpan, FrameRows, SpanStatistics, TimelineColumns } from './columns.ts';
import {
  alignments,
  frameCriteria,
  type ComparedFrames,
  type ComparedJson,
  type ComparedMessage,
  type RecordingComparison,
} from './compare.ts';
import type { Events } from './events.ts';
import { exportFormats, type ExportPiece, type ExportPreview } from './export.ts';
import type { DiagnosticRule } from './diagnostic.ts';
import type { DiagnosticsPage, FrameDetail, RecordingDetail, RecordingSummary, TimingReport } from './recording.ts';
import { librarySorts, wordLimits, type LibrarySearchResult, type LibraryUsage } from './library.ts';
import type { Conversation } from './conversation.ts';
import type { DialectDecision, MessageView, SpanWords } from './message.ts';
import {
  scenarioName,
  scenarioText,
  type MockDescription,
  type MockRequestLine,
  type ScenarioCheck,
  type ScenarioLine,
} from './mock.ts';
import { interventionsSchema, proxyRouteSchema, type ProxyDescription } from './proxy.ts';
import type { RequestSpec } from './request.ts';
import { requestSpecSchema } from './requestSchema.ts';
import {
  concurrencyAtMost,
  runsAtMost,
  type Run,
  type RunComparison,
  type RunSetId,
  type RunSetLine,
  type RunSetSummary,
} from './runs.ts';
import { replayOptionsSchema, type ReplayDescription } from './replay.ts';
import { settingsSchema, type Settings } from './settings.ts';
import { framings, type RecordingId } from './words.ts';

const recordingId = z.string().regex(/^[0-9A-Za-z-]{1,64}$/, 'a recording id');
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const micros = z.number().min(-1e15).max(1e15);

const recordingIds = z.array(recordingId).min(1).max(100_000).readonly();
const tags = z.array(z.string().min(1).max(wordLimits.tag)).max(wordLimits.tags).readonly();
const ignoredKeys = z.array(z.string().max(256)).max(64).readonly();
const framingChoice = z.enum(framings).nullable();
/** Form only: the engine judges it and says what is wrong in a sentence. */
const jsonPath = z.string().max(1_024);
const dialect = z.string().max(1_024).nullable();
const runSetId = recordingId;
const replayId = z.string().max(64);
/** 0: any free one. */
const port = z.number().int().min(0).max(65_535);

/**
 * Input of every call: the engine validates with these before anything runs. Names are `noun.verb`.
 * How to add a call: an entry here, its result in `Results`, a handler in `main/instrument/handlers.ts`, a case in the
 * contract suite.
 */
export const inputs = {
  /** Which engine this is: version, runtime, where recordings are kept. */
  'engine.describe': z.object({}),

  /** All recordings, newest first. */
  'library.list': z.object({}),
  /** Recordings that fit an expression (`engine/library/searchExpression.ts`); an empty one fits all. */
  'library.search': z.object({ expression: z.string().max(4_096), sort: z.enum(librarySorts) }),
  /** Renames, tags, stars or notes recordings, all or none; answers with their lines when that is on the disk. */
  'library.change': z.object({
    ids: recordingIds,
    name: z.string().max(wordLimits.name).nullable().exactOptional(),
    addTags: tags.exactOptional(),
    removeTags: tags.exactOptional(),
    starred: z.boolean().exactOptional(),
    note: z.string().max(wordLimits.note).nullable().exactOptional(),
  }),
  /** Takes recordings out of the library, all or none; `library.undoRemove` brings them back for a while. */
  'library.remove': z.object({ ids: recordingIds }),
  'library.undoRemove': z.object({ ids: recordingIds }),
  'library.usage': z.object({}),

  /** Sends a request; answers at once, before the network can fail. */
  'recording.open': z.object({
    request: requestSpecSchema,
    framing: framingChoice,
    jsonPath: jsonPath.exactOptional(),
    dialect: dialect.exactOptional(),
  }),
  /** Stops a live recording; ends as `stopped`. Stopping what is not live changes nothing. */
  'recording.stop': z.object({ id: recordingId }),
  /** Everything but bytes and frames. */
  'recording.read': z.object({ id: recordingId }),
  /** Rows `[from, from + count)` of the table, of all frames or of a filter's matches. Fewer at the end. */
  'recording.rows': z.object({
    id: recordingId,
    from: count,
    count: z.number().int().min(0).max(1_000),
    filterId: z.string().max(64).nullable(),
    /** Leave out comments and blanks. Ignored with a filter. */
    foldHeartbeats: z.boolean(),
  }),
  /** Row number of a frame in the (filtered, folded) table, or of the nearest row before it; −1 for an empty table. */
  'recording.rowOfFrame': z.object({
    id: recordingId,
    frame: count,
    filterId: z.string().max(64).nullable(),
    foldHeartbeats: z.boolean(),
  }),
  'recording.frame': z.object({ id: recordingId, frame: count }),
  /** Body bytes `[offset, offset + length)`; fewer at the end. */
  'recording.bytes': z.object({
    id: recordingId,
    space: z.enum(['wire', 'body']),
    offset: count,
    length: z.number().int().min(0).max(4_194_304),
  }),
  /** Chunks that overlap wire bytes `[offset, offset + length)`, at most 10,000. */
  'recording.chunks': z.object({ id: recordingId, offset: count, length: z.number().int().min(0).max(4_194_304) }),
  'recording.timeline': z.object({
    id: recordingId,
    fromMicros: micros,
    toMicros: micros,
    columns: z.number().int().min(1).max(8_192),
  }),
  'recording.span': z.object({ id: recordingId, fromMicros: micros, toMicros: micros }),
  /** The first frame at or after a time, or the last one; null without frames. */
  'recording.frameAt': z.object({ id: recordingId, micros }),
  /** The frame whose bytes hold a body offset, or the nearest before it; null without frames. */
  'recording.frameAtOffset': z.object({ id: recordingId, offset: count }),
  'recording.timing': z.object({ id: recordingId }),
  /**
   * The message of a token stream, with what is new since an earlier answer: `have` names its generation and how much of
   * each answer's text, reasoning and refusal, and of each call's arguments, is known already. Null: no token stream.
   */
  'recording.message': z.object({
    id: recordingId,
    have: z
      .object({
        generation: count,
        texts: z
          .array(z.tuple([count, count, count]).readonly())
          .max(1_024)
          .readonly(),
        arguments: z.array(count).max(1_000).readonly(),
      })
      .nullable(),
  }),
  /**
   * Answers once the message of a stored token stream has been read from its frames: rows, timeline and frame details
   * then tell what frames say. At once for a live one, and for what is no token stream.
   */
  'recording.messageRead': z.object({ id: recordingId }),
  /** What a token stream said in a span of time; null: no token stream. */
  'recording.spanWords': z.object({ id: recordingId, fromMicros: micros, toMicros: micros }),
  /** The conversation over several recordings that this one's request is part of; null: its request tells of none. */
  'conversation.read': z.object({ id: recordingId }),
  'recording.diagnostics': z.object({ id: recordingId, from: count, count: z.number().int().min(0).max(1_000) }),
  /** Next or previous frame with a diagnostic or after a stall, from a frame; null where there is none. */
  'recording.seek': z.object({
    id: recordingId,
    from: z.number().int().min(-1).max(Number.MAX_SAFE_INTEGER),
    to: z.enum(['diagnostic', 'stall']),
    direction: z.enum(['next', 'previous']),
  }),
  /** Frames the recording anew in the user's framing (null: detected again); `jsonPath` says where JSON elements are. */
  'recording.reframe': z.object({
    id: recordingId,
    framing: framingChoice,
    jsonPath: jsonPath.exactOptional(),
    /** Absent: as it is; null: detected. */
    dialect: dialect.exactOptional(),
  }),
  /** Starts a filter over all frames; it follows a live recording. Ends with `filter.close` or with the session. */
  'filter.open': z.object({ id: recordingId, expression: z.string().max(4_096) }),
  'filter.close': z.object({ filterId: z.string().max(64) }),

  /** A file brought in by the user, in pieces, so that any host can take one of any size. */
  'import.begin': z.object({ name: z.string().max(1_024), size: count, contentType: z.string().max(256).nullable() }),
  'import.append': z.object({ importId: z.string().max(64), bytes: z.instanceof(Uint8Array) }),
  /** Answers with the recording's id; what is wrong with the contents is told by the recording. */
  'import.finish': z.object({ importId: z.string().max(64) }),
  'import.abort': z.object({ importId: z.string().max(64) }),

  /** Two recordings side by side. `frames`: whose arrivals are aligned; absent: the first that is no heartbeat. */
  'compare.open': z.object({
    left: recordingId,
    right: recordingId,
    align: z.enum(alignments),
    frames: z.tuple([count, count]).readonly().exactOptional(),
  }),
  /** Rows `[from, from + count)` of their frames beside each other; fewer at the end. `ignore`: keys of JSON. */
  'compare.frames': z.object({
    left: recordingId,
    right: recordingId,
    criterion: z.enum(frameCriteria),
    ignore: ignoredKeys,
    onlyDifferent: z.boolean(),
    from: count,
    count: z.number().int().min(0).max(1_000),
  }),
  /** What the texts of their messages have in common, with runs of one of them from a run on. */
  'compare.message': z.object({ left: recordingId, right: recordingId, text: count, fromRun: count }),
  /** What is different between two frames' JSON. */
  'compare.json': z.object({
    left: recordingId,
    right: recordingId,
    leftFrame: count,
    rightFrame: count,
    ignore: ignoredKeys,
  }),

  /** Looks through an ended recording for what its export hides. Takes long for a long one: cancel it when not wanted. */
  'export.preview': z.object({ id: recordingId }),
  /** Begins to write a recording in a format; `export.read` gives the pieces. Ends with the last, `export.end` or the session. */
  'export.begin': z.object({ id: recordingId, format: z.enum(exportFormats), withSecrets: z.boolean() }),
  /** The next piece, of about 1 MiB. Fails closed: nothing more comes once a secret is found in what is written. */
  'export.read': z.object({ exportId: z.string().max(64) }),
  'export.end': z.object({ exportId: z.string().max(64) }),

  /** Reads a pasted cURL command or fetch snippet. */
  'request.parse': z.object({ text: z.string().max(4_194_304) }),
  /** A request as a cURL command; secrets masked unless asked for. */
  'request.toCurl': z.object({ request: requestSpecSchema, withSecrets: z.boolean() }),

  'mock.describe': z.object({}),
  /** Starts the mock server, on another port where one is named; answers once it listens or cannot. */
  'mock.start': z.object({ port: port.exactOptional() }),
  'mock.stop': z.object({}),
  /** The newest requests that it saw, newest first, at most `count`; 1,000 are kept. */
  'mock.requests': z.object({ count: z.number().int().min(0).max(1_000) }),
  /** Reads a scenario document (JSON or YAML) and foretells what it would send. */
  'scenario.check': z.object({ text: scenarioText }),
  /** JSON Schema of scenario documents, as text. */
  'scenario.schema': z.object({}),
  'scenario.read': z.object({ name: scenarioName }),
  /** Saves a scenario; the mock server performs it from then on. One that cannot be performed is refused, the old one goes on. */
  'scenario.save': z.object({ name: scenarioName, text: scenarioText }),
  'scenario.remove': z.object({ name: scenarioName }),
  /** Writes a scenario that sends what a recording holds, as it came. It is not saved. */
  'scenario.fromRecording': z.object({ id: recordingId }),

  'proxy.describe': z.object({}),
  'proxy.start': z.object({ port: port.exactOptional() }),
  'proxy.stop': z.object({}),
  /** Sets the user's own routes or what the proxy does to exchanges; what is not named stays. */
  'proxy.configure': z.object({
    routes: z.array(proxyRouteSchema).max(64).readonly().exactOptional(),
    interventions: interventionsSchema.exactOptional(),
  }),

  /**
   * Sends one request many times; each run is a recording of its own. Answers once the first is under way; a request
   * that cannot be sent at all is a failure, and leaves nothing.
   */
  'run.start': z.object({
    request: requestSpecSchema,
    framing: framingChoice,
    jsonPath: jsonPath.exactOptional(),
    dialect: dialect.exactOptional(),
    label: z.string().max(200),
    count: z.number().int().min(1).max(runsAtMost),
    concurrency: z.number().int().min(1).max(concurrencyAtMost),
    /** Least time between two starts. */
    delayMillis: z.number().int().min(0).max(86_400_000),
    /** Service-level objectives such as `ttft=800ms,tps>=30`: the engine reads them. Empty: none. */
    objectives: z.string().max(1_024),
  }),
  /** Stops a run set: nothing more is sent, what is live ends as `stopped`. */
  'run.stop': z.object({ id: runSetId }),
  /** Where a set stands, and its runs `[from, from + count)`; fewer at the end. */
  'run.read': z.object({ id: runSetId, from: count, count: z.number().int().min(0).max(1_000) }),
  /** All run sets, newest first. */
  'run.list': z.object({}),
  'run.compare': z.object({ a: runSetId, b: runSetId }),
  /** A set as a file would hold it. */
  'run.export': z.object({ id: runSetId, form: z.enum(['csv', 'json']) }),
  /** Forgets a set that is over. Its recordings stay. */
  'run.remove': z.object({ id: runSetId }),

  /** Serves an ended recording on this machine; answers once it can be asked. The next free port is taken. */
  'replay.start': z.object({ id: recordingId, options: replayOptionsSchema, port: port.exactOptional() }),
  /** Stopping what does not run changes nothing. */
  'replay.stop': z.object({ replayId }),
  /** With speed `step`: the next chunk for every client that waits. */
  'replay.step': z.object({ replayId }),
  /** Replays that run, oldest first. */
  'replay.list': z.object({}),
  /** Asks a replay for its stream and records it, as source `replay`. */
  'replay.open': z.object({ replayId }),

  'settings.read': z.object({}),
  /** Changes the named settings, keeps the others; answers with all. */
  'settings.write': z.object({ patch: settingsSchema.partial() }),
} as const;

export type CallName = keyof typeof inputs;
export type Input<Name extends CallName> = z.infer<(typeof inputs)[Name]>;

export interface EngineDescription {
  readonly version: string;
  /** `Node 24.21.0` or `Electron 33.2.1`, as a person would say it. */
  readonly runtime: string;
  readonly host: 'desktop' | 'web' | 'cli' | 'memory';
  readonly recordingsFolder: string;
  readonly sqliteVersion: string;
  /** Content codings this runtime decodes. */
  readonly decodes: readonly string[];
  readonly rules: readonly DiagnosticRule[];
  /** Dialects of token streams that can be chosen. */
  readonly dialects: readonly { readonly name: string; readonly title: string }[];
  /** Things the user should know, such as an Electron past its end of life. */
  readonly notices: readonly string[];
}

/** An answer that says no more than that it was done. */
export type Nothing = Readonly<Record<string, never>>;

/** What each call answers with when it succeeds. */
export interface Results {
  'engine.describe': EngineDescription;
  'library.list': { readonly recordings: readonly RecordingSummary[] };
  'library.search': LibrarySearchResult;
  'library.change': { readonly recordings: readonly RecordingSummary[] };
  /** For how long they can be brought back. */
  'library.remove': { readonly undoMillis: number };
  /** Those that came back; the others are gone for good. */
  'library.undoRemove': { readonly ids: readonly RecordingId[] };
  'library.usage': LibraryUsage;
  'recording.open': { readonly id: RecordingId };
  'recording.stop': { readonly stopped: boolean };
  'recording.read': RecordingDetail;
  'recording.rows': FrameRows;
  'recording.rowOfFrame': { readonly row: number };
  'recording.frame': FrameDetail;
  'recording.bytes': { readonly bytes: Uint8Array };
  'recording.chunks': ChunkSpan;
  'recording.timeline': TimelineColumns;
  'recording.span': SpanStatistics;
  'recording.frameAt': { readonly frame: number | null };
  'recording.frameAtOffset': { readonly frame: number | null };
  'recording.timing': TimingReport;
  'recording.message': { readonly message: MessageView | null };
  'recording.messageRead': { readonly decision: DialectDecision | null };
  'recording.spanWords': { readonly words: SpanWords | null };
  'conversation.read': { readonly conversation: Conversation | null };
  'recording.diagnostics': DiagnosticsPage;
  'recording.seek': { readonly frame: number | null };
  'recording.reframe': Nothing;
  'filter.open': { readonly filterId: string };
  'filter.close': Nothing;
  'import.begin': { readonly importId: string };
  'import.append': { readonly receivedBytes: number };
  /** The first recording, and all of them: a HAR file holds one an entry. */
  'import.finish': { readonly id: RecordingId; readonly ids: readonly RecordingId[] };
  'import.abort': Nothing;
  'compare.open': RecordingComparison;
  'compare.frames': ComparedFrames;
  'compare.message': ComparedMessage;
  'compare.json': ComparedJson;
  'export.preview': ExportPreview;
  /** `name`: what a file of it would be called. */
  'export.begin': { readonly exportId: string; readonly name: string };
  'export.read': ExportPiece;
  'export.end': Nothing;
  'request.parse': { readonly request: RequestSpec; readonly notes: readonly string[] };
  'request.toCurl': { readonly command: string };
  'mock.describe': MockDescription;
  'mock.start': MockDescription;
  'mock.stop': MockDescription;
  'mock.requests': { readonly requests: readonly MockRequestLine[] };
  'scenario.check': ScenarioCheck;
  'scenario.schema': { readonly text: string };
  'scenario.read': { readonly text: string };
  'scenario.save': ScenarioLine;
  'scenario.remove': Nothing;
  /** `notes`: what a scenario cannot tell of it, one sentence each. */
  'scenario.fromRecording': { readonly name: string; readonly text: string; readonly notes: readonly string[] };
  'proxy.describe': ProxyDescription;
  'proxy.start': ProxyDescription;
  'proxy.stop': ProxyDescription;
  'proxy.configure': ProxyDescription;
  'run.start': { readonly id: RunSetId };
  'run.stop': { readonly stopped: boolean };
  'run.read': { readonly line: RunSetLine; readonly summary: RunSetSummary; readonly runs: readonly Run[] };
  'run.list': { readonly sets: readonly RunSetLine[] };
  'run.compare': RunComparison;
  'run.export': { readonly text: string };
  'run.remove': Nothing;
  'replay.start': ReplayDescription;
  'replay.stop': { readonly stopped: boolean };
  'replay.step': { readonly clients: number };
  'replay.list': { readonly replays: readonly ReplayDescription[] };
  'replay.open': { readonly id: RecordingId };
  'settings.read': Settings;
  'settings.write': Settings;
}

/** A typed way to make calls: what each host gives the window, and what tests drive. */
export interface EngineClient {
  /**
   * Resolves with the result or rejects with a `FailureError`. Aborting the signal cancels the call on the engine's
   * side; the promise then rejects with `call/cancelled`.
   */
  call<Name extends CallName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Results[Name]>;
  /** Delivers events until the returned function is called. */
  subscribe<Name extends keyof Events>(event: Name, listener: (payload: Events[Name]) => void): () => void;
  /** Ends the connection: pending calls fail with `engine/gone`. */
  close(): void;
}
