import { streamAnswer } from '../answer.ts';
import { answerTokens } from '../chatAnswer.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { inChunks } from '../inChunks.ts';
import { freeText, type KnobTable, type KnobValues, wholeNumber } from '../knobs.ts';
import { firstTokenDelays, naturalDelay } from '../pace.ts';
import { seededRandom } from '../random.ts';
import { type MockStep, textStep } from '../step.ts';
import { longTask } from '../taskScript.ts';
import { chunkSizeKnob, commonKnobs, delayKnob, errorKnob, maxCount, metadataKnob } from './commonKnobs.ts';

const group = 'Tasks';

const taskKnobs = {
  n: wholeNumber(1, maxCount, 40, 'How many steps.'),
  delayMs: delayKnob(120, 'two steps, on average'),
  chunkSize: chunkSizeKnob,
  includeMetadata: metadataKnob,
  error: errorKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

const generateKnobs = {
  prompt: freeText(4_000, '', 'What to write about; the answer repeats it.'),
  n: wholeNumber(1, 8_192, 80, 'How many pieces at most; the whole text is sent again at the end.'),
  delayMs: delayKnob(40, 'two pieces, as a median'),
  includeMetadata: metadataKnob,
  error: errorKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

/** Server-Sent Events `start`, `progress` with a piece of text each, then `complete` with all of it, or `error`. */
function* generated(values: KnobValues<typeof generateKnobs>): Generator<MockStep, void, undefined> {
  const { prompt, n, delayMs, seed, includeMetadata, error } = values;
  const event = (delayMillis: number, name: string, data: object) =>
    textStep(delayMillis, `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  const random = seededRandom(seed, 1);
  const pieces = Array.from(answerTokens(seed, prompt, n));
  const failsAfter = error === 'none' ? -1 : Math.ceil(pieces.length / 2);
  const id = `gen_${seededRandom(seed).below(0xffff_ffff).toString(36).padStart(7, '0')}`;
  yield event(0, 'start', includeMetadata ? { id, prompt, model: 'mock-writer-1' } : { id });
  for (const [index, text] of pieces.entries()) {
    const delay = index === 0 ? delayMs * firstTokenDelays : naturalDelay(delayMs, random);
    yield event(delay, 'progress', { percent: Math.floor(((index + 1) / pieces.length) * 100), text });
    if (index + 1 !== failsAfter) continue;
    const message = 'The writer lost its thread. What was written so far is not saved.';
    yield event(0, 'error', { error: { code: 'GENERATION_FAILED', message, retryable: true } });
    return;
  }
  yield event(delayMs / 4, 'complete', {
    id,
    text: pieces.join(''),
    ...(includeMetadata && { pieces: pieces.length }),
  });
}

/** Work that takes its time and says how far it is. */
export const taskPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group,
    path: '/process/long-task',
    title: 'A long task as NDJSON: what it will do, its progress, its result, or why it failed.',
    example: '/process/long-task?n=40&delayMs=120',
    knobs: taskKnobs,
    answer: ({ chunkSize, ...values }) => streamAnswer('application/x-ndjson', inChunks(longTask(values), chunkSize)),
  }),
  defineEndpoint({
    method: 'POST',
    group,
    path: '/api/generate',
    title: 'A text is written: events start, progress and complete. Knobs in the query or in the body.',
    example: '/api/generate',
    exampleBody: { prompt: 'A short text about streams', n: 80, delayMs: 40 },
    knobs: generateKnobs,
    bodyPlaces: {},
    answer: (values) => streamAnswer('text/event-stream', generated(values)),
  }),
];
