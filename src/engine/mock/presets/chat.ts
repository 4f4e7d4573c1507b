import { errorAnswer, type MockAnswer, type MockCall, streamAnswer } from '../answer.ts';
import { chatPieces, type ChatScriptKnobs, chatProblem, piecesBeforeError, promptTokens } from '../chatPieces.ts';
import { readChatRequest } from '../chatRequest.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { freeText, type KnobTable, type KnobValues, wholeNumber } from '../knobs.ts';
import { type MockStep, textStep } from '../step.ts';
import { commonKnobs, delayKnob, errorKnob, maxCount, metadataKnob, pieceSizeKnob } from './commonKnobs.ts';

const group = 'AI';
const question = 'What makes a good stream?';
const asked = encodeURIComponent(question);

const paceKnobs = {
  n: wholeNumber(1, maxCount, 120, 'How many tokens at most.'),
  delayMs: delayKnob(32, 'two pieces, as a median'),
  chunkSize: pieceSizeKnob,
  error: errorKnob,
  ...commonKnobs,
} as const satisfies KnobTable;

const promptKnob = freeText(4_000, '', 'What to ask; the answer repeats it.');
const plainKnobs = { prompt: promptKnob, ...paceKnobs } as const satisfies KnobTable;
const sseKnobs = { ...plainKnobs, includeMetadata: metadataKnob } as const satisfies KnobTable;
const streamChatKnobs = {
  message: promptKnob,
  ...paceKnobs,
  includeMetadata: metadataKnob,
} as const satisfies KnobTable;
const relayKnobs = { ...paceKnobs, includeMetadata: metadataKnob } as const satisfies KnobTable;

interface Said {
  readonly piece: (text: string, index: number) => string;
  readonly end: (ended: { readonly finish: 'stop' | 'length'; readonly tokens: number }) => string;
  /** Null: the format has no place for an error, so the connection is lost. */
  readonly error: string | null;
}

/** What every chat does: piece by piece, then the end, or an error half-way that nothing follows. */
function* chatScript(
  prompt: string,
  knobs: ChatScriptKnobs & { readonly error: 'none' | 'middle' },
  said: Said,
): Generator<MockStep, void, undefined> {
  const failsBehind = piecesBeforeError(prompt, knobs, knobs.error);
  const pieces = chatPieces(prompt, knobs);
  let index = 0;
  for (let next = pieces.next(); ; next = pieces.next()) {
    if (next.done === true) {
      const end = said.end(next.value);
      if (end !== '') yield textStep(knobs.delayMs / 4, end);
      return;
    }
    const step = textStep(next.value.delayMillis, said.piece(next.value.text, index));
    index++;
    if (index < failsBehind) {
      yield step;
      continue;
    }
    yield said.error === null ? { ...step, isLast: 'cut' } : step;
    if (said.error !== null) yield textStep(0, said.error);
    return;
  }
}

const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const event = (name: string, value: object) => `event: ${name}\n${data(value)}`;

function* sseChat(values: KnobValues<typeof sseKnobs>): Generator<MockStep, void, undefined> {
  const { prompt, includeMetadata } = values;
  const about = { model: 'mock-chat-1', promptTokens: promptTokens(prompt), seed: values.seed };
  if (includeMetadata) yield textStep(0, event('metadata', about));
  yield* chatScript(prompt, values, {
    piece: (content, index) => data(includeMetadata ? { index, content } : { content }),
    end: ({ finish, tokens }) => event('done', { finishReason: finish, ...(includeMetadata && { tokens }) }),
    error: event('error', { error: chatProblem }),
  });
}

function* streamChat(values: KnobValues<typeof streamChatKnobs>): Generator<MockStep, void, undefined> {
  const { message, includeMetadata, chunkSize, delayMs } = values;
  if (includeMetadata) yield textStep(0, data({ type: 'metadata', model: 'mock-chat-1', chunkSize, delay: delayMs }));
  yield* chatScript(message, values, {
    piece: (content, index) => data(includeMetadata ? { content, index } : { content }),
    end: () => 'data: [DONE]\n\n',
    error: data({ type: 'error', error: chatProblem }),
  });
}

/** A backend of one's own before a provider: whichever it is, its browser sees `text`, then `done` or `error`. */
function* relayedChat(
  values: KnobValues<typeof relayKnobs>,
  prompt: string,
  finishWords: Readonly<Record<'stop' | 'length', string>>,
): Generator<MockStep, void, undefined> {
  yield* chatScript(prompt, values, {
    piece: (content) => data({ type: 'text', content }),
    end: ({ finish, tokens }) => {
      const usage = { inputTokens: promptTokens(prompt), outputTokens: tokens };
      return data({ type: 'done', ...(values.includeMetadata && { finishReason: finishWords[finish], usage }) });
    },
    error: data({ type: 'error', error: chatProblem }),
  });
}

function relay(path: string, finishWords: Readonly<Record<'stop' | 'length', string>>, provider: string): MockEndpoint {
  return defineEndpoint({
    method: 'POST',
    group,
    path,
    title: `A backend of one’s own in front of ${provider}: text, then done or error. Knobs in the query or in the body.`,
    example: path,
    exampleBody: { messages: [{ role: 'user', content: question }], delayMs: 32 },
    knobs: relayKnobs,
    bodyPlaces: {},
    takesOtherParameters: true,
    answer: (values, call) => answerRelay(values, call, finishWords),
  });
}

function answerRelay(
  values: KnobValues<typeof relayKnobs>,
  { body }: MockCall,
  finishWords: Readonly<Record<'stop' | 'length', string>>,
): MockAnswer {
  const read = readChatRequest(body);
  if (!read.ok) return errorAnswer(400, 'bad-request', read.message);
  return streamAnswer('text/event-stream', relayedChat(values, read.request.prompt, finishWords));
}

/** Chats as people build them themselves, from plain text to events. */
export const chatPresets: readonly MockEndpoint[] = [
  defineEndpoint({
    method: 'GET',
    group,
    path: '/ai/chat-stream',
    title: 'An answer as plain text: there is no place in it for anything else, so an error is a lost connection.',
    example: `/ai/chat-stream?prompt=${asked}`,
    knobs: plainKnobs,
    answer: ({ prompt, ...values }) =>
      streamAnswer(
        'text/plain; charset=utf-8',
        chatScript(prompt, values, { piece: (text) => text, end: () => '', error: null }),
      ),
  }),
  defineEndpoint({
    method: 'GET',
    group,
    path: '/ai/chat-stream-sse',
    title: 'The same as Server-Sent Events: metadata, a piece each, done with the number of tokens.',
    example: `/ai/chat-stream-sse?prompt=${asked}`,
    knobs: sseKnobs,
    answer: (values) => streamAnswer('text/event-stream', sseChat(values)),
  }),
  defineEndpoint({
    method: 'POST',
    group,
    path: '/api/stream-chat',
    title:
      'A chat whose request says how it is to be streamed; it ends with [DONE]. Knobs in the query or in the body.',
    example: '/api/stream-chat',
    exampleBody: { message: question, streamOptions: { chunkSize: 4, delay: 32, includeMetadata: true } },
    knobs: streamChatKnobs,
    bodyPlaces: {
      'streamOptions.chunkSize': 'chunkSize',
      'streamOptions.delay': 'delayMs',
      'streamOptions.includeMetadata': 'includeMetadata',
    },
    answer: (values) => streamAnswer('text/event-stream', streamChat(values)),
  }),
  relay('/api/chat/openai', { stop: 'stop', length: 'length' }, 'OpenAI'),
  relay('/api/chat/anthropic', { stop: 'end_turn', length: 'max_tokens' }, 'Anthropic'),
];
