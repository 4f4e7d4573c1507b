import { emptyCall } from '../../../../../src/engine/mock/scenario/amounts.ts';
import { answerScenario } from '../../../../../src/engine/mock/scenario/answerScenario.ts';
import type { Scenario } from '../../../../../src/engine/mock/scenario/model.ts';
import { problemWords, readScenario } from '../../../../../src/engine/mock/scenario/readScenario.ts';
import type { MockCall, StreamAnswer } from '../../../../../src/engine/mock/answer.ts';
import type { MockStep } from '../../../../../src/engine/mock/step.ts';

/** A scenario that has to be one. */
export function scenarioOf(text: string): Scenario {
  const read = readScenario(text);
  if (!read.ok) throw new Error(read.problems.map(problemWords).join('\n'));
  return read.scenario;
}

/** What is wrong with a document, one line each: `3:5 …`, with what was meant behind it. */
export function problemsOf(text: string): readonly string[] {
  const read = readScenario(text);
  if (read.ok) return [];
  return read.problems.map(
    ({ line, column, message, suggestion }) =>
      `${String(line)}:${String(column)} ${message}${suggestion === null ? '' : ` [${suggestion}]`}`,
  );
}

export function answerOf(
  text: string,
  call: Partial<MockCall> = {},
  knobs: Readonly<Record<string, string | number>> = {},
): StreamAnswer {
  const scenario = scenarioOf(text);
  const usual = Object.fromEntries(Object.entries(scenario.knobs).map(([name, { fallback }]) => [name, fallback]));
  const answer = answerScenario(scenario, { ...usual, ...knobs }, { ...emptyCall, ...call });
  if (answer.kind !== 'stream') throw new Error('no stream');
  return answer;
}

/** At most so many steps of a scenario. */
export function stepsOf(
  text: string,
  atMost = 10_000,
  call: Partial<MockCall> = {},
  knobs: Readonly<Record<string, string | number>> = {},
): readonly MockStep[] {
  const steps: MockStep[] = [];
  for (const step of answerOf(text, call, knobs).steps) {
    steps.push(step);
    if (steps.length === atMost) break;
  }
  return steps;
}

export function bytesOf(steps: readonly MockStep[]): Uint8Array {
  return Uint8Array.from(steps.flatMap(({ bytes }) => [...bytes]));
}

export function textOf(steps: readonly MockStep[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(steps));
}
