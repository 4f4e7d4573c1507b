import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { parseCurl } from '../../../engine/request/curl.ts';
import { verdictOf } from '../../../engine/recording/verdict.ts';
import { defaultLimits } from '../../../shared/limits.ts';
import type { Ending } from '../../../shared/recording.ts';
import type { RequestSpec } from '../../../shared/request.ts';
import { frameKindCode, type Framing, type Micros } from '../../../shared/words.ts';
import { openImport } from '../../capture/importFile.ts';
import { startExchangeClock } from '../../capture/exchangeClock.ts';
import { openCapture } from '../../capture/openCapture.ts';
import type { Capture } from '../../capture/sink.ts';
import { exitCode, exitCodeOf, UsageError, worstExitCode } from './exitCodes.ts';
import { frameLine } from './frameLine.ts';
import { Inspection } from './inspection.ts';
import { pieces, type PieceRule } from './pieces.ts';
import { prettyDiagnostic, prettyFrame, prettyVerdict } from './prettyLines.ts';
import { requestFromWords, type CurlWords } from './requestOptions.ts';
import { summaryLine } from './summaryLine.ts';
import { jsonLine, palette, safeForTerminal } from './terminal.ts';

export type OutputMode = 'pretty' | 'frames' | 'summary' | 'raw';

export interface InspectOptions extends CurlWords {
  readonly output: OutputMode;
  readonly version: string;
  readonly framing: Framing | null;
  readonly contentType: string | null;
  readonly url: string | null;
  readonly pieces: PieceRule | null;
  readonly curl: string | null;
  readonly maxFramesNumber: number | null;
}

/** `inspect`: opens each target in turn, prints what arrives as it arrives; answers with the exit code. */
export async function inspect(
  targets: readonly string[],
  options: InspectOptions,
  signal: AbortSignal,
): Promise<number> {
  const opened = [...targets.map((target) => ({ target, request: null as RequestSpec | null })), ...pasted(options)];
  if (opened.length === 0)
    throw new UsageError('inspect wants something to open: a URL, a file, or - for standard input.');
  const codes: number[] = [];
  for (const { target, request } of opened) {
    if (signal.aborted) break;
    codes.push(await inspectOne(target, request, options, opened.length > 1, signal));
  }
  return signal.aborted ? exitCode.interrupted : worstExitCode(codes);
}

function pasted(options: InspectOptions): { readonly target: string; readonly request: RequestSpec }[] {
  if (options.curl === null) return [];
  const parsed = parseCurl(options.curl);
  if (!parsed.ok) throw new UsageError(`--curl cannot be read: ${parsed.failure.message}`);
  for (const note of parsed.notes) process.stderr.write(`streamscope: ${safeForTerminal(note)}\n`);
  return [{ target: parsed.request.url, request: parsed.request }];
}

/** A URL has a scheme; everything else is a file. `localhost:3000/x` is meant as a URL when no such file is there. */
async function isFile(target: string): Promise<boolean> {
  if (target === '-') return true;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return false;
  return stat(target).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function inspectOne(
  target: string,
  request: RequestSpec | null,
  options: InspectOptions,
  several: boolean,
  signal: AbortSignal,
): Promise<number> {
  const fromFile = request === null && (await isFile(target));
  const printer = new Printer(target, options, several);
  const inspection: Inspection = new Inspection(
    {
      framing: options.framing,
      contentType: options.contentType,
      url: fromFile ? options.url : target,
      timesKnown: !fromFile,
      maxFrames: options.maxFramesNumber,
      limits: defaultLimits,
    },
    {
      frame: (inspected) => {
        printer.frame(inspected);
      },
      body: (bytes) => {
        printer.body(bytes);
      },
      enough: () => {
        capture?.stop({ by: 'limit', limit: 'frames', value: options.maxFramesNumber ?? 0 });
      },
      ended: (ending) => {
        printer.ended(inspection, ending);
      },
    },
  );
  let capture: Capture | undefined;
  if (fromFile) {
    const importer = openImport(
      { name: target, contentType: options.contentType, url: options.url, sizeBytes: null },
      inspection,
      defaultLimits,
    );
    capture = importer;
    const onAbort = (): void => {
      importer.stop({ by: 'user' });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const source = target === '-' ? process.stdin : createReadStream(target, { highWaterMark: 262_144 });
    try {
      for await (const piece of pieces(source, options.pieces)) {
        if (!importer.append(piece)) await importer.drained();
        await printer.drained();
        if (printer.ending !== null) break;
      }
    } catch (error) {
      signal.removeEventListener('abort', onAbort);
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`streamscope: ${safeForTerminal(target)} cannot be read: ${safeForTerminal(reason)}.\n`);
      return exitCode.couldNotOpen;
    }
    importer.finish();
    await importer.done;
    signal.removeEventListener('abort', onAbort);
  } else {
    const opened = openCapture(request ?? requestFromWords(target, options), inspection, {
      clock: startExchangeClock(),
      limits: defaultLimits,
      userAgent: `streamscope/${options.version}`,
    });
    if (!opened.ok) {
      process.stderr.write(`streamscope: ${opened.failure.code}: ${safeForTerminal(opened.failure.message)}\n`);
      return exitCode.couldNotOpen;
    }
    capture = opened.value;
    const running = opened.value;
    printer.onBehind = (): void => {
      running.pause();
      void printer.drained().then(() => {
        running.resume();
      });
    };
    const onAbort = (): void => {
      running.stop({ by: 'user' });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    await running.done;
    signal.removeEventListener('abort', onAbort);
  }
  await printer.drained();
  return printer.ending === null ? exitCode.couldNotOpen : exitCodeOf(printer.ending);
}

/** Prints one target in the mode that was asked for. */
class Printer {
  readonly #target: string;
  readonly #options: InspectOptions;
  readonly #several: boolean;
  readonly #colours = palette(process.stdout.isTTY);
  #previousMicros: Micros | null = null;
  #lastKind = -1;
  #behind = false;
  ending: Ending | null = null;
  /** Called when stdout does not keep up. */
  onBehind: () => void = () => undefined;

  constructor(target: string, options: InspectOptions, several: boolean) {
    this.#target = target;
    this.#options = options;
    this.#several = several;
    if (options.output === 'pretty' && several) this.#write(`${safeForTerminal(target)}\n`);
  }

  frame(inspected: Parameters<ConstructorParameters<typeof Inspection>[1]['frame']>[0]): void {
    this.#lastKind = inspected.frame.kindCode;
    switch (this.#options.output) {
      case 'frames':
        this.#write(jsonLine(frameLine({ ...inspected, target: this.#several ? this.#target : null })));
        break;
      case 'pretty':
        this.#write(prettyFrame(inspected, this.#previousMicros, process.stdout.columns || 120, this.#colours));
        break;
      case 'summary':
      case 'raw':
        break;
    }
    this.#previousMicros = inspected.frame.micros;
  }

  body(bytes: Uint8Array): void {
    if (this.#options.output !== 'raw') return;
    this.#write(process.stdout.isTTY ? safeForTerminal(new TextDecoder('latin1').decode(bytes)) : bytes.slice());
  }

  ended(inspection: Inspection, ending: Ending): void {
    this.ending = ending;
    const { analysis, responseHead } = inspection;
    if (this.#options.output === 'summary') {
      this.#write(
        jsonLine(
          summaryLine({
            target: this.#target,
            head: responseHead,
            contentType: inspection.contentType,
            analysis,
            ending,
            wireBytes: inspection.wireBytes,
            chunks: inspection.chunks,
            uncertaintyMicros: null,
          }),
        ),
      );
      return;
    }
    const verdict = verdictOf({
      state: 'ended',
      ending,
      status: responseHead?.status ?? null,
      counts: {
        chunks: inspection.chunks,
        frames: analysis.frames.count,
        wireBytes: inspection.wireBytes,
        bodyBytes: analysis.bodyBytes,
        diagnostics: analysis.diagnostics.counts,
        stalls: analysis.arrivals.stallCount,
        heartbeats: analysis.frames.heartbeats,
      },
      times: analysis.timesKnown
        ? analysis.arrivals.keyTimes(responseHead?.atMicros ?? null, ending.atMicros)
        : {
            headersMicros: null,
            firstByteMicros: null,
            firstFrameMicros: null,
            lastChunkMicros: null,
            endMicros: null,
          },
      longestStallMicros: null,
      unfinishedFrame: this.#lastKind === frameKindCode.incomplete,
      importedFrom: analysis.timesKnown ? null : this.#target,
    });
    if (this.#options.output === 'pretty') {
      const general = analysis.diagnostics.kept.filter(({ diagnostic }) => diagnostic.frame === undefined);
      for (const { diagnostic } of general) this.#write(`${prettyDiagnostic(diagnostic, this.#colours)}\n`);
      this.#write(prettyVerdict(verdict, this.#colours));
    } else if (ending.kind !== 'complete') {
      process.stderr.write(`streamscope: ${verdict.word}: ${safeForTerminal(verdict.sentence)}\n`);
    }
  }

  #write(text: string | Uint8Array): void {
    if (process.stdout.write(text) || this.#behind) return;
    this.#behind = true;
    process.stdout.once('drain', () => {
      this.#behind = false;
    });
    this.onBehind();
  }

  /** Resolves when stdout has taken everything. */
  async drained(): Promise<void> {
    if (!this.#behind) return;
    await new Promise<void>((resolve) => {
      process.stdout.once('drain', resolve);
    });
  }
}
