import { describe, expect, it } from 'vitest';
import { explain } from '../../../../../src/engine/mock/scenario/explain.ts';
import { scenarioOf } from './performing.ts';

describe('a scenario in one sentence', () => {
  it.each([
    ['steps: [{ send: hello }]', 'Answers 200 text/plain: a piece of text, then ends.'],
    ['steps: [end]', 'Answers 200 without a body.'],
    [
      'pace: 100ms\nsteps:\n  - repeat: 50\n    steps: [{ send: { sse: { data: x } } }]\n  - fault: reset\n',
      'Answers 200 text/event-stream: 50 events 100 ms apart, then resets the connection.',
    ],
    [
      'chunks: { against: [utf8] }\npace: 100ms\nsteps:\n  - repeat: 50\n    steps: [{ send: { sse: { data: x } } }]\n  - fault: reset@frame:50.5\n',
      'Answers 200 text/event-stream: 50 events 100 ms apart, split inside UTF-8 characters, then ends; but resets the connection in the middle of frame 51.',
    ],
    [
      'knobs: { n: 20, delayMs: 100 }\npace: "{{delayMs}}ms"\nsteps:\n  - repeat: "{{n}}"\n    steps: [{ template: { ndjson: { i: "{{i}}" } } }]\n',
      'Answers 200 application/x-ndjson: 20 records (n) 100 ms (delayMs) apart, then ends.',
    ],
    [
      'pace: 50ms\nsteps:\n  - repeat: 10\n    steps: [{ send: { ndjson: 1 } }]\n  - wait: 30s\n  - repeat: 2000\n    steps: [{ send: { ndjson: 1 } }]\n',
      'Answers 200 application/x-ndjson: 10 records 50 ms apart, a silence of 30 s and 2,000 records 50 ms apart; then ends.',
    ],
    [
      'pace: { natural: 32ms }\nsteps:\n  - repeat: forever\n    steps: [{ template: { sse: { data: "{{word()}}" } } }]\n',
      'Answers 200 text/event-stream: events without end at the uneven pace of tokens, about 32 ms apart.',
    ],
    [
      'pace: { burst: 8, every: 2s }\nsteps:\n  - repeat: 80\n    steps: [{ send: { sse: { comment: x } } }]\n',
      'Answers 200 text/event-stream: 80 comments in bursts of 8, 2 s apart, then ends.',
    ],
    [
      'steps:\n  - wait: 400ms\n  - head: { status: 503, headers: { Content-Type: application/json }, body: length }\n  - send: { json: { error: busy } }\n',
      'After 400 ms, answers 503 application/json (its length announced): a JSON value, then ends.',
    ],
    [
      'steps:\n  - head: { coding: gzip, flush: false, trailers: { X-Sum: "3" } }\n  - repeat: 3\n    pace: { every: 20ms, jitter: 5ms }\n    steps: [{ send: { ndjson: 1 } }]\n',
      'Answers 200 application/x-ndjson (coded with gzip, which holds back; with trailers): 3 records 20 ms ± 5 ms apart, then ends.',
    ],
    [
      'steps:\n  - repeat: 20\n    pace: 100ms\n    steps: [{ send: { sse: { data: x } } }, { send: { sse: { comment: y } }, pace: 0 }]\n',
      'Answers 200 text/event-stream: 20 times (an event after 100 ms and a comment), then ends.',
    ],
    [
      'steps:\n  - send: "a b c"\n    chunks: words\n    pace: 10ms\n  - fault: "stall:0"\n',
      'Answers 200 text/plain: a piece of text 10 ms apart, a word a chunk and falls silent for good; then ends.',
    ],
    [
      `steps:\n${'  - wait: 20ms\n  - send: x\n'.repeat(100)}`,
      'Answers 200 text/plain: a silence of 20 ms and 100 pieces of text over 1.98 s at once; then ends.',
    ],
  ])('%j', (text, sentence) => {
    expect(explain(scenarioOf(text))).toBe(sentence);
  });
});
