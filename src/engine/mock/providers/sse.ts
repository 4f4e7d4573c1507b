import { type MockStep, textStep } from '../step.ts';

/** An event without a name, its data on one line. */
export function dataStep(delayMillis: number, data: unknown): MockStep {
  return textStep(delayMillis, `data: ${JSON.stringify(data)}\n\n`);
}

/** An event with its name, which most providers repeat as `type` in the data. */
export function eventStep(delayMillis: number, name: string, data: unknown): MockStep {
  return textStep(delayMillis, `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** OpenAI's sign for the end, which many copied. */
export const doneText = 'data: [DONE]\n\n';
