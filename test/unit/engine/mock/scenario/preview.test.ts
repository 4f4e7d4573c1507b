import { expect, it } from 'vitest';
import { previewScenario } from '../../../../../src/engine/mock/scenario/preview.ts';
import { readScenario } from '../../../../../src/engine/mock/scenario/readScenario.ts';
import type { ScenarioPreview } from '../../../../../src/shared/mock.ts';

const mebibyte = 1_048_576;

function previewOf(text: string): ScenarioPreview {
  const read = readScenario(text, { takenBy: () => null });
  if (!read.ok) throw new Error(read.problems[0]?.message ?? 'it cannot be read');
  return previewScenario(read.scenario);
}

it.each([
  ['send: x', 'pace: 1ms'],
  ["send: ''", 'pace: 1ms'],
  ['template: "{{words(10000)}}"', 'pace: 1ms'],
  ['send: x', 'chunks: { bytes: 1000000 }'],
  ['repeat: 0, steps: [{ send: x }]', 'pace: 1ms'],
])('a thousand million times {%s} with %s is foretold as far as a picture needs it', (step, options) => {
  const preview = previewOf(`${options}\nsteps:\n  - repeat: 1000000000\n    steps: [{ ${step} }]\n`);
  const bytes = preview.bytes.reduce((sum, each) => sum + each, 0);
  expect(preview.isShortened).toBe(true);
  expect(preview.totalBytes).toBeNull();
  expect(preview.atMicros.length).toBeLessThanOrEqual(20_000);
  // One step may go beyond it.
  expect(bytes).toBeLessThanOrEqual(10 * mebibyte);
});
