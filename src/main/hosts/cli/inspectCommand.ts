import process from 'node:process';
import { exitCode, exitCodeOf, worstExitCode } from './exitCodes.ts';
import { inspectedVerdict } from './inspectedVerdict.ts';
import { inspectTarget } from './inspectTarget.ts';
import { Printer, type OutputMode } from './printer.ts';
import { StandardOutput } from './standardOutput.ts';
import { readingFromWords, targetsFromWords, type TargetWords } from './targetWords.ts';
import { safeForTerminal } from './terminal.ts';

export interface InspectWords {
  readonly words: TargetWords;
  readonly output: OutputMode;
  readonly version: string;
}

/** `inspect`: opens each target in turn, prints what arrives as it arrives; answers with the exit code. */
export async function inspect({ words, output, version }: InspectWords, signal: AbortSignal): Promise<number> {
  const { targets, variables } = await targetsFromWords(words);
  const reading = readingFromWords(words, variables, version);
  const standardOutput = new StandardOutput();
  const codes: number[] = [];
  for (const target of targets) {
    if (signal.aborted) break;
    if (target.kind === 'request') for (const note of target.notes ?? []) warn(note);
    const printer = new Printer(target.name, output, targets.length > 1, standardOutput);
    const inspected = await inspectTarget(target, printer, standardOutput, reading, signal);
    printer.close();
    if (!inspected.opened) {
      warn(inspected.why);
      codes.push(exitCode.couldNotOpen);
      continue;
    }
    const { inspection, ending, summary, stoppedAsAsked } = inspected;
    printer.ended(inspection, inspectedVerdict(target.name, inspection, ending), summary, stoppedAsAsked);
    await standardOutput.drained();
    codes.push(stoppedAsAsked ? exitCode.fine : exitCodeOf(ending));
  }
  return signal.aborted ? exitCode.interrupted : worstExitCode(codes);
}

function warn(sentence: string): void {
  process.stderr.write(`streamscope: ${safeForTerminal(sentence)}\n`);
}
