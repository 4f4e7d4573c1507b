import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { defaultAssertions, judge, type Assertion, type AssertionResult, type CheckedFacts } from './assertions.ts';
import { BodySearch } from './bodySearch.ts';
import { exitCode, UsageError, worstExitCode } from './exitCodes.ts';
import { inspectedVerdict } from './inspectedVerdict.ts';
import { inspectTarget, type InspectedTarget, type InspectTargetOptions } from './inspectTarget.ts';
import type { Inspection } from './inspection.ts';
import { junitReport, type CheckedSuite } from './junit.ts';
import type { Micros } from '../../../shared/words.ts';
import { StandardOutput } from './standardOutput.ts';
import type { SummaryLine } from './summaryLine.ts';
import type { Target } from './targets.ts';
import { readingFromWords, targetsFromWords, type TargetWords } from './targetWords.ts';
import { jsonLine, palette, safeForTerminal, type Palette } from './terminal.ts';

export interface CheckWords {
  readonly words: TargetWords;
  readonly assertions: readonly Assertion[];
  /** `lines`: one a line for people; `json`: NDJSON, one object an assertion. */
  readonly output: 'lines' | 'json';
  readonly junit: string | null;
  readonly version: string;
}

/** `check`: opens each target, judges the assertions when it is over; exit code 0 where all hold. */
export async function check(asked: CheckWords, signal: AbortSignal): Promise<number> {
  const { targets, variables } = await targetsFromWords(asked.words);
  const reading = readingFromWords(asked.words, variables, asked.version);
  const assertions = asked.assertions.length === 0 ? defaultAssertions : asked.assertions;
  const output = new StandardOutput();
  const colours = palette(process.stdout.isTTY);
  const suites: CheckedSuite[] = [];
  const codes: number[] = [];
  for (const target of targets) {
    if (signal.aborted) break;
    const checked = await checkTarget(target, assertions, reading, output, signal);
    suites.push(checked.suite);
    codes.push(checked.code);
    if (checked.suite.notOpened !== null)
      process.stderr.write(`streamscope: ${safeForTerminal(checked.suite.notOpened)}\n`);
    for (const result of checked.suite.results) {
      output.write(
        asked.output === 'json'
          ? jsonLine({ target: target.name, ...result })
          : resultLine(result, targets.length > 1 ? target.name : null, colours),
      );
    }
    await output.drained();
  }
  if (asked.junit !== null) await writeReport(asked.junit, junitReport(suites));
  return signal.aborted ? exitCode.interrupted : worstExitCode(codes);
}

async function checkTarget(
  target: Target,
  assertions: readonly Assertion[],
  reading: InspectTargetOptions,
  output: StandardOutput,
  signal: AbortSignal,
): Promise<{ readonly suite: CheckedSuite; readonly code: number }> {
  const texts = assertions.flatMap((assertion) => ('text' in assertion ? [assertion.text] : []));
  const search = new BodySearch(texts);
  const startedAt = Date.now();
  const inspected = await inspectTarget(
    target,
    {
      frame: () => undefined,
      reconnecting: () => undefined,
      body: (bytes) => {
        search.push(bytes);
      },
    },
    output,
    reading,
    signal,
  );
  if (!inspected.opened) {
    const suite = { target: target.name, startedAt, durationMicros: null, results: [], verdict: inspected.why };
    return { suite: { ...suite, notOpened: inspected.why }, code: exitCode.couldNotOpen };
  }
  const facts = factsOf(inspected, (text) => search.found(texts.indexOf(text)));
  const results = assertions.map((assertion) => judge(assertion, facts));
  const verdict = inspectedVerdict(target.name, inspected.inspection, inspected.ending);
  // An answer that never came is no answer that fails, unless that is what is asserted.
  const isRefused = inspected.ending.kind === 'refused' && !results.every(({ ok }) => ok);
  const suite = {
    target: target.name,
    startedAt,
    durationMicros: inspected.summary.timing?.endUs ?? null,
    results,
    notOpened: null,
    verdict: `${verdict.word}: ${verdict.sentence}`,
  };
  return { suite, code: isRefused ? exitCode.couldNotOpen : codeOf(results) };
}

function factsOf(
  { inspection, summary, stoppedAsAsked }: Extract<InspectedTarget, { readonly opened: true }>,
  contains: (text: string) => boolean,
): CheckedFacts {
  const { diagnostics } = inspection.analysis;
  return {
    summary,
    diagnostics: diagnostics.counts,
    countOf: (code) =>
      diagnostics.kept.filter(({ diagnostic }) => diagnostic.code === code).length +
      (diagnostics.omitted.get(code) ?? 0),
    contains,
    stoppedAsAsked,
    lastSilenceMicros: lastSilence(inspection, summary),
  };
}

function lastSilence({ analysis }: Inspection, { ending, timing }: SummaryLine): Micros | null {
  const last = analysis.arrivals.lastChunkMicros;
  if (ending.kind === 'complete' || timing === null || timing.endUs === null || last === null) return null;
  return timing.endUs - last;
}

function codeOf(results: readonly AssertionResult[]): number {
  return results.every(({ ok }) => ok) ? exitCode.fine : exitCode.endedBadly;
}

function resultLine(result: AssertionResult, target: string | null, colours: Palette): string {
  const sign = result.ok ? colours.good('ok  ') : colours.bad('FAIL');
  const of = target === null ? '' : `  (${safeForTerminal(target)})`;
  return `${sign}  ${safeForTerminal(result.assertion)}: ${safeForTerminal(result.measured)}${of}\n`;
}

async function writeReport(file: string, report: string): Promise<void> {
  try {
    await writeFile(file, report);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--junit cannot write ${file}: ${reason}.`, { cause: error });
  }
}
