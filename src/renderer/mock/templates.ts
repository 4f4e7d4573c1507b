/** What a new scenario begins with. */
export interface ScenarioTemplate {
  readonly title: string;
  /** The name that is proposed. */
  readonly name: string;
  readonly text: string;
}

export const templates: readonly ScenarioTemplate[] = [
  {
    title: 'Records (NDJSON), one every 100 ms',
    name: 'records',
    text: `title: Orders, one a line
seed: 1
knobs:
  n: { default: 20, min: 0, max: 100000, about: How many orders. }
  delayMs: { default: 100, about: Milliseconds between two orders. }
pace: "{{delayMs}}ms"
steps:
  - head: { headers: { Content-Type: application/x-ndjson } }
  - repeat: "{{n}}"
    steps:
      - template: { ndjson: { id: "{{i}}", status: shipped } }
`,
  },
  {
    title: 'Events (SSE) with heartbeats',
    name: 'events',
    text: `title: Progress as events, with heartbeats
seed: 1
pace: 120ms
steps:
  - head: { headers: { Content-Type: text/event-stream } }
  - repeat: 10
    steps:
      - template: { sse: { event: progress, id: "{{i}}", data: { step: "{{i}}", of: 10 } } }
      - send: { sse: { comment: keep-alive } }
  - send: { sse: { event: done, data: { ok: true } } }
`,
  },
  {
    title: 'A token stream at an uneven pace',
    name: 'tokens',
    text: `title: A chat answer, word by word
seed: 1
pace: { natural: 32ms }
steps:
  - head: { headers: { Content-Type: text/event-stream } }
  - repeat: 40
    steps:
      - template:
          sse: { data: { object: chat.completion.chunk, choices: [{ index: 0, delta: { content: "word {{i}} " } }] } }
  - send: { sse: { data: "[DONE]" } }
`,
  },
  {
    title: 'A stream that stalls and is cut',
    name: 'stall-and-cut',
    text: `title: Ten records, a long silence, then a reset
seed: 1
pace: 50ms
steps:
  - head: { headers: { Content-Type: application/x-ndjson } }
  - repeat: 10
    steps:
      - template: { ndjson: { n: "{{i}}" } }
  - wait: 1.5s
  - fault: reset
`,
  },
  {
    title: 'Split against the grain',
    name: 'against-the-grain',
    text: `title: Chunk borders inside characters, line ends and JSON strings
seed: 1
pace: 80ms
chunks: { against: [utf8, crlf, json] }
steps:
  - head: { headers: { Content-Type: text/event-stream } }
  - repeat: 8
    steps:
      - template: { sse: { data: { n: "{{i}}", city: Tromsø, sign: "🌊" }, lineEnd: crlf } }
`,
  },
];
