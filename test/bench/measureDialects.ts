import { noHints } from '../../src/engine/dialects/dialect.ts';
import { DialectReader } from '../../src/engine/dialects/reader.ts';
import { defaultLimits } from '../../src/shared/limits.ts';

export interface DialectMeasurement {
  readonly name: string;
  readonly framesPerSecond: number;
  /** Against `JSON.parse` alone on the same payloads, decoded beforehand; null for that itself. */
  readonly ratio: number | null;
}

interface Stream {
  readonly name: string;
  readonly event: string;
  readonly payload: (n: number) => string;
}

const model = 'gpt-4o-mini-2024-07-18';
const word = (n: number): string => ` word${String(n % 97)}`;
const streams: readonly Stream[] = [
  {
    name: 'openai-chat',
    event: '',
    payload: (n) =>
      JSON.stringify({
        id: 'chatcmpl-DuLdOuviL2tiVxMim6HmX4YMnCorK',
        object: 'chat.completion.chunk',
        created: 1_784_728_648,
        model,
        service_tier: 'default',
        system_fingerprint: null,
        choices: [{ index: 0, delta: { content: word(n) }, logprobs: null, finish_reason: null }],
        usage: null,
        obfuscation: 'x'.repeat(n % 16),
      }),
  },
  {
    name: 'openai-responses',
    event: 'response.output_text.delta',
    payload: (n) =>
      JSON.stringify({
        type: 'response.output_text.delta',
        sequence_number: n,
        item_id: 'msg_04a97b4fce127879006949a864795c8195a77efd798149326b',
        output_index: 0,
        content_index: 0,
        delta: word(n),
        logprobs: [],
        obfuscation: 'x'.repeat(n % 16),
      }),
  },
  {
    name: 'anthropic',
    event: 'content_block_delta',
    payload: (n) =>
      JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word(n) } }),
  },
];

/** Delta frames from their bytes to the message, beside their JSON alone; alternating, the best of `rounds` each. */
export function measureDialects(frames: number, rounds: number): DialectMeasurement[] {
  return streams.flatMap(({ name, event, payload }) => {
    const texts = Array.from({ length: frames }, (_, n) => payload(n));
    const encoder = new TextEncoder();
    const head = event === '' ? '' : `event: ${event}\n`;
    const bytes = texts.map((text) => encoder.encode(`${head}data: ${text}\n\n`));
    let parseSeconds = Infinity;
    let readSeconds = Infinity;
    for (let round = 0; round < rounds; round++) {
      parseSeconds = Math.min(
        parseSeconds,
        timed(() => parseAll(texts)),
      );
      readSeconds = Math.min(
        readSeconds,
        timed(() => readAll(name, bytes)),
      );
    }
    return [
      { name: `JSON.parse, ${name}`, framesPerSecond: frames / parseSeconds, ratio: null },
      { name: '  decoded and assembled', framesPerSecond: frames / readSeconds, ratio: parseSeconds / readSeconds },
    ];
  });
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1_000;
}

function parseAll(texts: readonly string[]): void {
  let objects = 0;
  for (const text of texts) if (typeof JSON.parse(text) === 'object') objects++;
  if (objects !== texts.length) throw new Error('a payload is no object');
}

function readAll(dialect: string, frames: readonly Uint8Array[]): void {
  const reader = new DialectReader({ framing: 'sse', hints: noHints, limits: defaultLimits, dialect: null });
  frames.forEach((bytes, n) => reader.push(n, 'event', bytes));
  reader.end();
  const found = reader.decision?.dialect;
  if (found !== dialect) throw new Error(`${dialect} was taken for ${found ?? 'nothing'}`);
  const length = frames.reduce((sum, _, n) => sum + word(n).length, 0);
  if (reader.message.choice(0)?.text.length !== length) throw new Error(`text of ${dialect} is missing`);
}
