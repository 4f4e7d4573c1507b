import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { DialectReader } from '../../../engine/dialects/reader.ts';
import { toCurl } from '../../../engine/request/toCurl.ts';
import { toFetch } from '../../../engine/request/toFetch.ts';
import { toPython } from '../../../engine/request/toPython.ts';
import type { Variables } from '../../../engine/request/variables.ts';
import { assertNever } from '../../../shared/assertNever.ts';
import {
  exportEndings,
  type ExportFormat,
  type ExportPiece,
  type ExportPreview,
  type HiddenSecrets,
} from '../../../shared/export.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { RequestSpec } from '../../../shared/request.ts';
import type { RecordingId } from '../../../shared/words.ts';
import type { SessionId } from '../../rpc/handlers.ts';
import { messageReader } from '../messages.ts';
import type { OpenedRecording } from '../openedRecording.ts';
import type { Recordings } from '../recordings.ts';
import { assembledText } from './assembledText.ts';
import { ExportedRecording } from './exportedRecording.ts';
import { fixtureOf } from './fixture.ts';
import { frameCsv, frameLines } from './frameTable.ts';
import { harFile } from './harExport.ts';
import { OutputScan } from './outputScan.ts';
import { redact, type Redaction } from './redaction.ts';
import { streamJsonl } from './streamJsonlExport.ts';

/** How long the engine is kept from its streams at once. */
const sliceMillis = 8;
const pieceBytes = 1_048_576;
const pieceMillis = 100;
const analysisPollMillis = 20;
/** Exports that one window may have open at once. */
const openAtMost = 16;
/** The share of an export's work that goes into looking for secrets. */
const redactionShare = 0.6;

export interface ExportWish {
  readonly id: RecordingId;
  readonly format: ExportFormat;
  readonly withSecrets: boolean;
  /** Secret ones are hidden wherever an answer echoes them. */
  readonly variables?: Variables;
}

interface OpenExport {
  readonly session: SessionId;
  readonly pieces: AsyncGenerator<ExportPiece, readonly HiddenSecrets[], undefined>;
  readonly abort: AbortController;
}

interface LookedThrough {
  readonly recording: OpenedRecording;
  readonly revision: number;
  readonly note: string | null;
  readonly redaction: Redaction;
}

/** Recordings on their way out: looked through, redacted, written piece by piece as they are asked for. */
export class Exports {
  readonly #recordings: Recordings;
  readonly #limits: Limits;
  readonly #version: string;
  readonly #open = new Map<string, OpenExport>();
  /** What was found in the recording that was looked through last: a preview is followed by its export. */
  #last: LookedThrough | null = null;

  constructor(recordings: Recordings, limits: Limits, version: string) {
    this.#recordings = recordings;
    this.#limits = limits;
    this.#version = version;
  }

  /** Looks through a recording for what an export of it hides. */
  async preview(id: RecordingId, signal: AbortSignal): Promise<ExportPreview> {
    const recording = this.#ended(id);
    const looking = this.#redaction(recording, new Map(), signal);
    for (;;) {
      const step = await looking.next();
      if (step.done === true) return { hidden: step.value.hidden, isDecoded: step.value.isDecoded };
    }
  }

  /**
   * A recording without its secrets, for what is written from it elsewhere; `check` throws where one is left.
   * @throws FailureError
   */
  async redacted(
    id: RecordingId,
    signal: AbortSignal,
  ): Promise<{ readonly exported: ExportedRecording; readonly check: (written: Uint8Array) => void }> {
    const recording = this.#ended(id);
    const looking = this.#redaction(recording, new Map(), signal);
    for (;;) {
      const step = await looking.next();
      if (step.done !== true) continue;
      const scan = new OutputScan(step.value.secrets);
      return {
        exported: new ExportedRecording(recording, step.value.note, step.value),
        check: (written) => scan.check(written),
      };
    }
  }

  /** @returns a handle for `read` and the name a file of it would have */
  begin(wish: ExportWish, session: SessionId): { readonly exportId: string; readonly name: string } {
    const recording = this.#ended(wish.id);
    const ofSession = [...this.#open.values()].filter((open) => open.session === session);
    if (ofSession.length >= openAtMost) {
      throw new FailureError({
        code: 'export/not-open',
        message: 'Too many exports are under way. Wait for one to end, or cancel one.',
        retry: true,
      });
    }
    const exportId = randomUUID();
    const abort = new AbortController();
    this.#open.set(exportId, { session, pieces: this.write(wish, abort.signal), abort });
    return { exportId, name: fileName(recording, wish.format) };
  }

  /** The next piece; with the last one the export is over. */
  async read(exportId: string): Promise<ExportPiece> {
    const open = this.#open.get(exportId);
    if (open === undefined) throw notOpen();
    try {
      const next = await open.pieces.next();
      if (next.done === true) throw notOpen();
      if (next.value.isLast) this.#open.delete(exportId);
      return next.value;
    } catch (error) {
      this.#open.delete(exportId);
      throw error;
    }
  }

  end(exportId: string): void {
    this.#open.get(exportId)?.abort.abort();
    this.#open.delete(exportId);
  }

  closeSession(session: SessionId): void {
    for (const [exportId, open] of this.#open) if (open.session === session) this.end(exportId);
  }

  /**
   * A recording as a file, in pieces of about 1 MiB, or empty ones while it is looked through. Without secrets unless
   * asked for; what is written is looked through again, and nothing more is given out once a secret is found in it.
   * @returns what was hidden
   * @throws FailureError
   */
  async *write(
    wish: ExportWish,
    signal: AbortSignal,
  ): AsyncGenerator<ExportPiece, readonly HiddenSecrets[], undefined> {
    const recording = this.#ended(wish.id);
    let redaction: Redaction | null = null;
    const looksShare = wish.withSecrets ? 0 : redactionShare;
    if (!wish.withSecrets) {
      const looking = this.#redaction(recording, wish.variables ?? new Map(), signal);
      for (;;) {
        const step = await looking.next();
        if (step.done === true) {
          redaction = step.value;
          break;
        }
        yield { bytes: new Uint8Array(0), share: step.value * redactionShare, isLast: false };
      }
    }
    if (needsFrames(wish.format)) await analysed(recording, signal);
    const reader =
      wish.format === 'text' || wish.format === 'aimock' ? await messageReader(recording, this.#limits) : null;
    const exported = new ExportedRecording(recording, this.#noteOf(recording), redaction);
    const scan = redaction === null ? null : new OutputScan(redaction.secrets);
    const total = Math.max(1, recording.reader.byteLength('body'));
    let taken: Uint8Array[] = [];
    let takenBytes = 0;
    let writtenBytes = 0;
    let pieceBy = performance.now() + pieceMillis;
    let sliceBy = performance.now() + sliceMillis;
    for (const part of this.#parts(exported, wish.format, reader)) {
      throwIfAborted(signal);
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      scan?.check(bytes);
      taken.push(bytes);
      takenBytes += bytes.length;
      writtenBytes += bytes.length;
      const now = performance.now();
      if (takenBytes >= pieceBytes || (now > pieceBy && takenBytes > 0)) {
        // How long the file becomes is not known: it is about as long as the body, or longer.
        const share = looksShare + (1 - looksShare) * Math.min(0.99, writtenBytes / (writtenBytes + total));
        yield { bytes: tight(taken), share, isLast: false };
        taken = [];
        takenBytes = 0;
        pieceBy = performance.now() + pieceMillis;
      }
      if (now > sliceBy) {
        await breath();
        sliceBy = performance.now() + sliceMillis;
      }
    }
    yield { bytes: tight(taken), share: 1, isLast: true };
    return redaction?.hidden ?? [];
  }

  *#parts(
    exported: ExportedRecording,
    format: ExportFormat,
    reader: DialectReader | null,
  ): Generator<string | Uint8Array, void, undefined> {
    switch (format) {
      case 'jsonl':
        yield* streamJsonl(exported);
        return;
      case 'har':
        yield* harFile(exported, this.#limits, this.#version);
        return;
      case 'raw':
        yield* exported.body();
        return;
      case 'frames':
        yield* frameLines(exported, this.#limits);
        return;
      case 'csv':
        yield* frameCsv(exported, this.#limits);
        return;
      case 'text':
        yield* assembledText(exported, reader, this.#limits);
        return;
      case 'curl':
        yield `${toCurl(requestOf(exported))}\n`;
        return;
      case 'fetch':
        yield toFetch(requestOf(exported));
        return;
      case 'python':
        yield toPython(requestOf(exported));
        return;
      case 'aimock':
        yield fixtureOf(exported, reader);
        return;
      default:
        assertNever(format, 'format of an export');
    }
  }

  async *#redaction(
    recording: OpenedRecording,
    variables: Variables,
    signal: AbortSignal,
  ): AsyncGenerator<number, Redaction, undefined> {
    const { revision } = recording;
    const note = this.#noteOf(recording);
    const last = this.#last;
    if (variables.size === 0 && last?.recording === recording && last.revision === revision && last.note === note) {
      return last.redaction;
    }
    await analysed(recording, signal);
    const steps = redact(recording, note, this.#limits, variables);
    let by = performance.now() + sliceMillis;
    let tellBy = performance.now() + pieceMillis;
    for (;;) {
      throwIfAborted(signal);
      const step = steps.next();
      if (step.done === true) {
        if (variables.size === 0) this.#last = { recording, revision, note, redaction: step.value };
        return step.value;
      }
      const now = performance.now();
      if (now > tellBy) {
        yield step.value;
        tellBy = performance.now() + pieceMillis;
      }
      if (now <= by) continue;
      await breath();
      by = performance.now() + sliceMillis;
    }
  }

  #noteOf({ id }: OpenedRecording): string | null {
    return this.#recordings.told(id)?.note ?? null;
  }

  #ended(id: RecordingId): OpenedRecording {
    const recording = this.#recordings.get(id);
    if (recording.state !== 'live') return recording;
    throw new FailureError({
      code: 'recording/still-live',
      message: 'This stream is still being recorded. Stop it or wait for its end, then export it.',
      retry: true,
    });
  }
}

function needsFrames(format: ExportFormat): boolean {
  return format === 'har' || format === 'frames' || format === 'csv' || format === 'text' || format === 'aimock';
}

function requestOf({ facts }: ExportedRecording): RequestSpec {
  if (facts.request !== null) return facts.request;
  throw new FailureError({
    code: 'export/no-request',
    message: 'This recording was brought in without its request, so there is none to write.',
  });
}

async function analysed(recording: OpenedRecording, signal: AbortSignal): Promise<void> {
  while (recording.analysisProgress !== null) {
    throwIfAborted(signal);
    await new Promise((resolve) => setTimeout(resolve, analysisPollMillis));
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new FailureError({ code: 'call/cancelled', message: 'The export was cancelled before it was finished.' });
}

function breath(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function tight(parts: readonly Uint8Array[]): Uint8Array {
  const joined = Buffer.concat(parts);
  return new Uint8Array(joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.byteLength));
}

function fileName(recording: OpenedRecording, format: ExportFormat): string {
  return `${recording.id}${exportEndings[format]}`;
}

function notOpen(): FailureError {
  return new FailureError({
    code: 'export/not-open',
    message: 'This export is not under way any more. Begin it again.',
    retry: true,
  });
}
