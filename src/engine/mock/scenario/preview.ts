import type { ScenarioPreview } from '../../../shared/mock.ts';
import { emptyCall } from './amounts.ts';
import { answerScenario } from './answerScenario.ts';
import type { Scenario } from './model.ts';

/** Chunks that a preview tells. */
const chunksAtMost = 20_000;
/** Steps that are gone through for them: a step may bring no bytes. */
const stepsAtMost = 60_000;
const textAtMost = 16_384;
const bytesAtMost = 8_388_608;

/** What a scenario would send, and when, to a request that says nothing. */
export function previewScenario(scenario: Scenario): ScenarioPreview {
  const usual = Object.fromEntries(Object.entries(scenario.knobs).map(([name, knob]) => [name, knob.fallback]));
  const answer = answerScenario(scenario, usual, { ...emptyCall, method: scenario.method, path: scenario.path ?? '/' });
  const head = [`HTTP/1.1 ${String(answer.status)}`, ...answer.headers.map(([name, value]) => `${name}: ${value}`)]
    .join('\n')
    .slice(0, textAtMost);
  if (answer.kind === 'whole') {
    const bytes = new TextEncoder().encode(answer.text).length;
    return {
      atMicros: Float64Array.of(0),
      bytes: Uint32Array.of(bytes),
      marks: Uint8Array.of(1),
      isShortened: false,
      head,
      beginning: answer.text.slice(0, textAtMost),
      totalBytes: bytes,
      durationMicros: 0,
    };
  }
  const atMicros: number[] = [];
  const bytes: number[] = [];
  const marks: number[] = [];
  const decoder = new TextDecoder();
  let beginning = '';
  let millis = answer.wire?.headDelayMillis ?? 0;
  let total = 0;
  let steps = 0;
  let isShortened = false;
  for (const step of answer.steps) {
    if (
      ++steps > stepsAtMost ||
      atMicros.length >= chunksAtMost ||
      total > bytesAtMost ||
      millis + step.delayMillis === Infinity
    ) {
      isShortened = true;
      break;
    }
    millis += step.delayMillis;
    const isBroken = step.isLast !== undefined;
    if (step.bytes.length === 0 && !isBroken) continue;
    atMicros.push(Math.round(millis * 1_000));
    bytes.push(step.bytes.length);
    marks.push(isBroken ? 1 : 0);
    total += step.bytes.length;
    if (beginning.length < textAtMost) {
      beginning += decoder.decode(step.bytes.subarray(0, textAtMost), { stream: true });
    }
  }
  return {
    atMicros: Float64Array.from(atMicros),
    bytes: Uint32Array.from(bytes),
    marks: Uint8Array.from(marks),
    isShortened,
    head,
    beginning: beginning.slice(0, textAtMost),
    totalBytes: isShortened ? null : total,
    durationMicros: isShortened ? null : Math.round(millis * 1_000),
  };
}
