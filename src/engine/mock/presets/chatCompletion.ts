import { errorAnswer, type MockAnswer, type MockCall, streamAnswer } from '../answer.ts';
import { chatCompletion, chatStream } from '../chatCompletions.ts';
import { promptRequest, readChatRequest } from '../chatRequest.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { choice, decimalNumber, freeText, type KnobTable, type KnobValues, wholeNumber } from '../knobs.ts';
import { commonKnobs, maxCount } from './commonKnobs.ts';

const chatPath = '/v1/chat/completions';

const chatKnobs = {
  n: wholeNumber(1, maxCount, 120, 'How many tokens at most.'),
  delayMs: decimalNumber(
    0,
    60_000,
    32,
    'Milliseconds between two tokens, as a median. 0: as fast as the client reads.',
  ),
  stall: choice(['0', '1'], '0', '1: one silence of 1.3 s in the middle.'),
  ...commonKnobs,
} as const satisfies KnobTable;

function chatAnswer(values: KnobValues<typeof chatKnobs>, call: MockCall): MockAnswer {
  const read = readChatRequest(call.body);
  if (!read.ok) return errorAnswer(400, 'bad-request', read.message);
  const { n, delayMs, seed, stall } = values;
  const script = { n, delayMs, seed, stall: stall === '1', request: read.request };
  return read.request.stream
    ? streamAnswer('text/event-stream', chatStream(script))
    : { kind: 'whole', status: 200, headers: [['Content-Type', 'application/json']], text: chatCompletion(script) };
}

/** A token stream in the shape that most clients speak, at the path they speak it to. */
export const chatCompletionPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group: 'AI',
    path: chatPath,
    title: 'A token stream in the shape of the OpenAI chat API, at the pace of a model.',
    example: `${chatPath}?prompt=${encodeURIComponent('What makes a good stream?')}&stall=1`,
    knobs: { ...chatKnobs, prompt: freeText(4_000, '', 'What to ask; the answer repeats it.') },
    answer: ({ prompt, stall, ...values }) =>
      streamAnswer(
        'text/event-stream',
        chatStream({ ...values, stall: stall === '1', request: promptRequest(prompt) }),
      ),
  }),
  defineEndpoint({
    method: 'POST',
    group: 'AI',
    path: chatPath,
    title: 'The same for an OpenAI client: takes model, messages, stream, max_tokens and stream_options.',
    example: chatPath,
    exampleBody: { model: 'mock', stream: true, messages: [{ role: 'user', content: 'What makes a good stream?' }] },
    knobs: chatKnobs,
    answer: chatAnswer,
  }),
];
