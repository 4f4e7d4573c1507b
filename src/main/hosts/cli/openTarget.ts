import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import process from 'node:process';
import type { Readable } from 'node:stream';
import type { Variables } from '../../../engine/request/variables.ts';
import { FailureError } from '../../../shared/failure.ts';
import { defaultLimits } from '../../../shared/limits.ts';
import { endingFrom } from '../../capture/endings.ts';
import { harStart } from '../../../engine/recording/harEntry.ts';
import { startExchangeClock } from '../../capture/exchangeClock.ts';
import { openImport } from '../../capture/importFile.ts';
import { openCapture } from '../../capture/openCapture.ts';
import type { ImportSink, StopReason } from '../../capture/sink.ts';
import { stopFacts } from '../../capture/stopFacts.ts';
import { tellRecording } from '../../instrument/tellRecording.ts';
import { openLibrary } from '../../store/library.ts';
import { defaultRecordingsFolder } from '../../store/recordingsFolder.ts';
import { openNamedPipe } from './namedPipe.ts';
import { pieces, type PieceRule } from './pieces.ts';
import { untilAborted } from './stopSignal.ts';
import type { Target } from './targets.ts';

export interface OpenOptions {
  readonly version: string;
  readonly variables: Variables;
  readonly contentType: string | null;
  readonly url: string | null;
  readonly pieces: PieceRule | null;
  /** Recognise bytes by their beginning: off where the user says what they are. */
  readonly refusesHar: boolean;
}

/** Whoever prints what is told, and may be behind with it. */
export interface Flow {
  readonly isBehind: boolean;
  /** Resolves when everything is printed. */
  drained(): Promise<void>;
  /** Called when printing falls behind; replaced by who can hold the source. */
  onBehind: () => void;
}

/** A target on its way. `stop` may be called from inside the sink. */
export interface OpenedTarget {
  stop(reason: StopReason): void;
  /** Resolves when the sink was told the ending; to a sentence where the target could not be opened. */
  readonly done: Promise<string | null>;
}

/** Opens a target and tells the sink what comes of it, no faster than the flow takes it. */
export function openTarget(
  target: Target,
  sink: ImportSink,
  flow: Flow,
  options: OpenOptions,
  signal: AbortSignal,
): OpenedTarget {
  switch (target.kind) {
    case 'nothing':
      return { stop: () => undefined, done: Promise.resolve(target.why) };
    case 'request':
      return openRequest(target, sink, flow, options, signal);
    case 'bytes':
      return openBytes(target, sink, flow, options, signal);
    case 'recording':
      return openRecording(target, sink, flow, signal);
  }
}

function openRequest(
  target: Extract<Target, { readonly kind: 'request' }>,
  sink: ImportSink,
  flow: Flow,
  options: OpenOptions,
  signal: AbortSignal,
): OpenedTarget {
  const opened = openCapture(target.request, sink, {
    clock: startExchangeClock(),
    limits: defaultLimits,
    userAgent: `streamscope/${options.version}`,
    variables: options.variables,
  });
  if (!opened.ok) {
    const { code, message } = opened.failure;
    return { stop: () => undefined, done: Promise.resolve(`${code}: ${message}`) };
  }
  const capture = opened.value;
  flow.onBehind = () => {
    capture.pause();
    void flow.drained().then(() => {
      capture.resume();
    });
  };
  const onAbort = (): void => {
    capture.stop({ by: 'user' });
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const done = capture.done.then(() => {
    signal.removeEventListener('abort', onAbort);
    return null;
  });
  return {
    stop: (reason) => {
      capture.stop(reason);
    },
    done,
  };
}

const harSentence =
  'is a HAR file, which may hold many streams: bring it into the library with import, then inspect its recordings.';

function openBytes(
  target: Extract<Target, { readonly kind: 'bytes' }>,
  sink: ImportSink,
  flow: Flow,
  options: OpenOptions,
  signal: AbortSignal,
): OpenedTarget {
  // Pieces of our own making have no times.
  const timed = target.timed && options.pieces === null;
  const importer = openImport(
    {
      name: target.name,
      contentType: options.contentType,
      url: options.url,
      sizeBytes: null,
      takesHar: false,
      ...(timed ? { clock: startExchangeClock() } : {}),
    },
    sink,
    defaultLimits,
  );
  let over = false;
  void importer.done.then(() => {
    over = true;
  });
  const run = async (): Promise<string | null> => {
    let first = true;
    let source: Readable | null = null;
    try {
      source = await sourceOf(target, signal);
      const read = source === null ? [] : untilAborted(source, signal);
      for await (const piece of pieces(read, options.pieces)) {
        if (first && options.refusesHar && harStart.test(Buffer.from(piece.subarray(0, 512)).toString('utf8')))
          return `${target.name} ${harSentence}`;
        first = false;
        if (!importer.append(piece)) await importer.drained();
        await flow.drained();
        if (over) break;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `${target.name} cannot be read: ${reason}.`;
    } finally {
      source?.destroy();
    }
    if (signal.aborted) importer.stop({ by: 'user' });
    else importer.finish();
    await importer.done;
    return null;
  };
  return {
    stop: (reason) => {
      over = true;
      importer.stop(reason);
    },
    done: run(),
  };
}

/** Null: stopped before there was anything to read from. */
async function sourceOf(
  { path, isNamedPipe = false }: Extract<Target, { readonly kind: 'bytes' }>,
  signal: AbortSignal,
): Promise<Readable | null> {
  if (path === null) return process.stdin;
  return isNamedPipe ? openNamedPipe(path, signal) : createReadStream(path, { highWaterMark: 262_144 });
}

function openRecording(
  target: Extract<Target, { readonly kind: 'recording' }>,
  sink: ImportSink,
  flow: Flow,
  signal: AbortSignal,
): OpenedTarget {
  let stopped: StopReason | null = null;
  const run = async (): Promise<string | null> => {
    const library = openLibrary(defaultRecordingsFolder(), defaultLimits);
    if (!library.ok) return `${library.failure.code}: ${library.failure.message}`;
    try {
      const opened = library.value.open(target.id);
      if (!opened.ok) return `${opened.failure.code}: ${opened.failure.message}`;
      const reader = opened.value;
      try {
        await tellRecording(reader, sink, defaultLimits, async () => {
          await flow.drained();
          if (signal.aborted) stopped ??= { by: 'user' };
          return stopped === null;
        });
        if (stopped !== null) {
          const wireBytes = reader.byteLength('wire');
          sink.ended(endingFrom(stopFacts(stopped, wireBytes), reader.facts().ending?.atMicros ?? 0));
        }
      } finally {
        reader.close();
      }
    } catch (error) {
      if (error instanceof FailureError) return `${error.failure.code}: ${error.failure.message}`;
      throw error;
    } finally {
      await library.value.close();
    }
    return null;
  };
  return {
    stop: (reason) => {
      stopped ??= reason;
    },
    done: run(),
  };
}
