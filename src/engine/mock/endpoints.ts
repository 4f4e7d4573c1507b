import { errorAnswer, jsonAnswer, type MockAnswer, type MockCall, streamAnswer, type WholeAnswer } from './answer.ts';
import { chatCompletion, chatStream } from './chatCompletions.ts';
import { promptRequest, readChatRequest } from './chatRequest.ts';
import { authKnob, defineEndpoint, type MockEndpoint } from './endpoint.ts';
import { choice, decimalNumber, freeText, type KnobTable, type KnobValues, wholeNumber } from './knobs.ts';
import { ordersEvents, resumeBehaviours, resumeOrders } from './ordersEvents.ts';
import { ordersExport } from './ordersExport.ts';
import { ordersStream } from './ordersStream.ts';
import { wholeAtOnce } from './wholeAtOnce.ts';

const maxCount = 10_000_000;
/** Where the whole body is held. */
const maxHeldCount = 10_000;
const maxDelayMillis = 60_000;
const unpaced = '0: as fast as the client reads.';

const seed = wholeNumber(0, 0xffff_ffff, 1, 'The same seed gives the same bytes.');
const error = choice(['middle', 'none'], 'middle', 'middle: an error in the stream, after half of the orders.');
const delayMs = decimalNumber(0, maxDelayMillis, 100, `Milliseconds between two orders. ${unpaced}`);

const exportKnobs = {
  n: wholeNumber(0, maxCount, 50, 'How many orders.'),
  delayMs,
  seed,
  auth: authKnob,
} as const satisfies KnobTable;

const ordersKnobs = { ...exportKnobs, error } as const satisfies KnobTable;

const comparisonKnobs = {
  ...exportKnobs,
  n: wholeNumber(0, maxHeldCount, 50, 'How many orders.'),
} as const satisfies KnobTable;

const eventsKnobs = {
  ...ordersKnobs,
  cutAt: wholeNumber(0, maxCount, 0, 'The connection is lost behind this event, unless the request resumes. 0: never.'),
  resume: choice(
    resumeBehaviours,
    'exact',
    'What a request with Last-Event-ID gets: repeat and skip are off by two events.',
  ),
} as const satisfies KnobTable;

const chatKnobs = {
  n: wholeNumber(1, maxCount, 120, 'How many tokens at most.'),
  delayMs: decimalNumber(0, maxDelayMillis, 32, `Milliseconds between two tokens, as a median. ${unpaced}`),
  seed,
  stall: choice(['0', '1'], '0', '1: one silence of 1.3 s in the middle.'),
  auth: authKnob,
} as const satisfies KnobTable;

const chatPath = '/v1/chat/completions';

function chatAnswer(values: KnobValues<typeof chatKnobs>, call: MockCall): MockAnswer {
  const read = readChatRequest(call.body);
  if (!read.ok) return errorAnswer(400, 'bad-request', read.message);
  const { n, delayMs: delay, seed: chosenSeed, stall } = values;
  const script = { n, delayMs: delay, seed: chosenSeed, stall: stall === '1', request: read.request };
  return read.request.stream
    ? streamAnswer('text/event-stream', chatStream(script))
    : { kind: 'whole', status: 200, headers: [['Content-Type', 'application/json']], text: chatCompletion(script) };
}

/** Every stream the mock server performs, in the order in which it lists them. */
export const mockEndpoints: readonly MockEndpoint[] = Object.freeze([
  defineEndpoint({
    method: 'GET',
    group: 'Orders',
    path: '/v1/orders/stream',
    title: 'Orders as NDJSON: metadata, a line an order, an error in the middle, an end line with the sums.',
    example: '/v1/orders/stream?n=50&delayMs=100',
    knobs: ordersKnobs,
    answer: (values) => streamAnswer('application/x-ndjson', ordersStream(values)),
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Orders',
    path: '/v1/orders/events',
    title: 'Orders as Server-Sent Events with ids, progress, heartbeats and an error; resumes after Last-Event-ID.',
    example: '/v1/orders/events?n=50&delayMs=100',
    knobs: eventsKnobs,
    answer: ({ cutAt, resume, ...values }, { lastEventId }) => {
      const resumption = resumeOrders(lastEventId, values, resume);
      if (resumption.kind === 'finished') return { kind: 'whole', status: 204, headers: [], text: '' };
      return streamAnswer('text/event-stream', ordersEvents(values, resumption, lastEventId === null ? cutAt : 0));
    },
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Orders',
    path: '/v1/orders/export',
    title: 'Orders as one JSON array, sent an element at a time.',
    example: '/v1/orders/export?n=50&delayMs=100',
    knobs: exportKnobs,
    answer: (values) => streamAnswer('application/json', ordersExport(values)),
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Comparison',
    path: '/demo/comparison/streamed',
    title: 'Orders as NDJSON, each sent when it is ready: compare with /demo/comparison/buffered.',
    example: '/demo/comparison/streamed?n=50&delayMs=40',
    knobs: comparisonKnobs,
    answer: (values) => streamAnswer('application/x-ndjson', ordersStream({ ...values, error: 'none' })),
  }),
  defineEndpoint({
    method: 'GET',
    group: 'Comparison',
    path: '/demo/comparison/buffered',
    title: 'The same bytes, held back until the last order is ready and then sent at once.',
    example: '/demo/comparison/buffered?n=50&delayMs=40',
    knobs: comparisonKnobs,
    answer: (values) => streamAnswer('application/x-ndjson', wholeAtOnce(ordersStream({ ...values, error: 'none' }))),
  }),
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
]);

/** What is not a stream; the server answers these itself. */
const documents = [
  { method: 'GET', path: '/', title: 'This list: a page for a browser, JSON for everyone else.' },
  { method: 'GET', path: '/health', title: 'Whether the server is up, and what it has carried.' },
] as const;

/** The endpoint for a method and path; a HEAD is served by the endpoint of the GET. */
export function findEndpoint(
  method: string,
  path: string,
): { readonly endpoint: MockEndpoint; readonly parameters: Readonly<Record<string, string>> } | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  for (const endpoint of mockEndpoints) {
    const parameters = endpoint.method === wanted ? endpoint.match(path) : null;
    if (parameters !== null) return { endpoint, parameters };
  }
  return undefined;
}

/** The answer where `findEndpoint` finds nothing: says what exists. */
export function notFound(method: string, path: string): MockAnswer {
  const all = [...documents, ...mockEndpoints];
  const methods = all
    .filter((entry) => ('match' in entry ? entry.match(path) !== null : entry.path === path))
    .map((entry) => entry.method);
  if (methods.length > 0) {
    return errorAnswer(405, 'method-not-allowed', `${path} does not take ${method}.`, { allowed: methods }, [
      ['Allow', methods.join(', ')],
    ]);
  }
  const shown = path.length <= 200 ? path : `${path.slice(0, 200)}…`;
  return errorAnswer(404, 'not-found', `There is nothing at ${shown}. "exists" lists what is here.`, {
    exists: all.map((entry) => `${entry.method} ${entry.path}`),
  });
}

/** The list of endpoints as JSON. */
export function endpointList(): WholeAnswer {
  const streams = mockEndpoints.map(({ answer: _answer, match: _match, ...described }) => described);
  return jsonAnswer(200, { documents, streams });
}
