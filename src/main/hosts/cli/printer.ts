import process from 'node:process';
import type { Diagnostic } from '../../../shared/diagnostic.ts';
import type { Reconnection, Verdict } from '../../../shared/recording.ts';
import type { Micros } from '../../../shared/words.ts';
import { frameLine } from './frameLine.ts';
import type { InspectedFrame, Inspection } from './inspection.ts';
import { prettyDiagnostic, prettyFrame, prettyReconnection, prettyVerdict } from './prettyLines.ts';
import { framesInSight, prettyFindings } from './prettyFindings.ts';
import { prettyMessage } from './prettyMessage.ts';
import { SilenceLine } from './silenceLine.ts';
import type { StandardOutput } from './standardOutput.ts';
import type { SummaryLine } from './summaryLine.ts';
import { jsonLine, palette, safeForTerminal } from './terminal.ts';

export type OutputMode = 'pretty' | 'frames' | 'summary' | 'raw';

/** Prints one target in the mode that was asked for. */
export class Printer {
  readonly #target: string;
  readonly #mode: OutputMode;
  readonly #several: boolean;
  readonly #output: StandardOutput;
  readonly #colours = palette(process.stdout.isTTY);
  readonly #decoder = new TextDecoder();
  readonly #silence: SilenceLine | null;
  /** Diagnostics that stand beside their frames, by frame and code; of the first frames, where it matters. */
  readonly #said = new Set<string>();
  #previousMicros: Micros | null = null;

  /** @param several there are other targets: each line says which one it is of */
  constructor(target: string, mode: OutputMode, several: boolean, output: StandardOutput) {
    this.#target = target;
    this.#mode = mode;
    this.#several = several;
    this.#output = output;
    this.#silence = mode === 'pretty' ? new SilenceLine() : null;
    if (mode === 'pretty' && several) output.write(`${this.#colours.strong(safeForTerminal(target))}\n`);
  }

  frame(inspected: InspectedFrame): void {
    this.#silence?.heard();
    switch (this.#mode) {
      case 'frames':
        this.#output.write(jsonLine(frameLine({ ...inspected, target: this.#several ? this.#target : null })));
        break;
      case 'pretty':
        this.#output.write(prettyFrame(inspected, this.#previousMicros, process.stdout.columns || 120, this.#colours));
        if (inspected.frame.n < framesInSight) {
          for (const { code } of inspected.frame.diagnostics) this.#said.add(`${String(inspected.frame.n)} ${code}`);
        }
        break;
      case 'summary':
      case 'raw':
        break;
    }
    this.#previousMicros = inspected.frame.micros;
  }

  readonly #wasSaid = ({ frame, code }: Diagnostic): boolean => this.#said.has(`${String(frame)} ${code}`);

  body(bytes: Uint8Array): void {
    if (this.#mode !== 'raw') return;
    // A pipe gets the bytes; they stay the stream's, so what waits in a buffer is a copy.
    this.#output.write(process.stdout.isTTY ? this.#onTerminal(bytes) : bytes.slice());
  }

  /** A terminal gets lines and tabs, and symbols for what it could act on. */
  #onTerminal(bytes: Uint8Array): string {
    return this.#decoder
      .decode(bytes, { stream: true })
      .split(/([\n\t])/)
      .map((piece) => (piece === '\n' || piece === '\t' ? piece : safeForTerminal(piece.replace(/\r$/, ''))))
      .join('');
  }

  reconnecting(reconnection: Reconnection): void {
    this.#silence?.heard();
    if (this.#mode === 'pretty') this.#output.write(prettyReconnection(reconnection, this.#colours));
  }

  /** Nothing more comes of the target. To be called however it went. */
  close(): void {
    this.#silence?.close();
  }

  /** @param stoppedAsAsked it stopped where the user wanted it to stop: nothing to speak of */
  ended(inspection: Inspection, verdict: Verdict, summary: SummaryLine, stoppedAsAsked: boolean): void {
    switch (this.#mode) {
      case 'summary':
        this.#output.write(jsonLine(summary));
        return;
      case 'pretty': {
        const found = inspection.analysis.diagnostics.kept.map(({ diagnostic }) => diagnostic);
        this.#output.write(prettyFindings(found, summary.frames, this.#wasSaid, this.#colours));
        for (const diagnostic of found) {
          if (diagnostic.frame === undefined) this.#output.write(`${prettyDiagnostic(diagnostic, this.#colours)}\n`);
        }
        this.#output.write(prettyMessage(summary, this.#colours));
        this.#output.write(prettyVerdict(verdict, this.#colours));
        return;
      }
      case 'frames':
      case 'raw':
        if (summary.ending.kind !== 'complete' && !stoppedAsAsked)
          process.stderr.write(`streamscope: ${verdict.word}: ${safeForTerminal(verdict.sentence)}\n`);
    }
  }
}
