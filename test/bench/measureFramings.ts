import { isUtf8 } from 'node:buffer';
import { JSONParser } from '@streamparser/json';
import { createParser } from 'eventsource-parser';
import { createFramer } from '../../src/engine/framing/createFramer.ts';
import type { FrameSink } from '../../src/engine/framing/framer.ts';
import { defaultLimits } from '../../src/shared/limits.ts';
import type { Framing } from '../../src/shared/words.ts';

export interface FramingMeasurement {
  readonly name: string;
  readonly bytesPerSecond: number;
  readonly framesPerSecond: number;
  /** Against the peer of the same bytes; null for the peer itself. */
  readonly ratio: number | null;
}

const pieceBytes = 65_536;

function record(n: number): string {
  return JSON.stringify({
    id: n,
    type: 'order',
    customer: { name: `Zoë ${String(n % 97)}`, city: '東京' },
    total: n / 7,
    items: [1, 2, 3],
    note: 'x'.repeat(110),
  });
}

function buffer(
  bytes: number,
  one: (n: number) => string,
  separator: string,
): { readonly bytes: Buffer; readonly frames: number } {
  const parts: string[] = [];
  let length = 0;
  while (length < bytes) {
    const text = one(parts.length);
    parts.push(text);
    length += text.length;
  }
  return { bytes: Buffer.from(parts.join(separator)), frames: parts.length };
}

function fed(bytes: Buffer, take: (piece: Buffer) => void): void {
  for (let at = 0; at < bytes.length; at += pieceBytes) take(bytes.subarray(at, at + pieceBytes));
}

function ours(framing: Framing, bytes: Buffer, contentType: string | null = null): number {
  let frames = 0;
  const sink: FrameSink = {
    frame: () => {
      frames++;
    },
    typeId: () => 1,
    diagnostic: (code) => {
      throw new Error(`a healthy stream raised ${code}`);
    },
  };
  const framer = createFramer(framing, { limits: defaultLimits, shape: null, contentType }, sink, { isUtf8 });
  fed(bytes, (piece) => {
    framer.push(piece);
  });
  framer.end();
  return frames;
}

function eventsourceParser(bytes: Buffer): number {
  let frames = 0;
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: () => {
      frames++;
    },
  });
  fed(bytes, (piece) => {
    parser.feed(decoder.decode(piece, { stream: true }));
  });
  return frames;
}

/** What a careful program does by hand: find the line, decode it, parse it. */
function indexOfAndParse(bytes: Buffer): number {
  let frames = 0;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    JSON.parse(bytes.toString('utf8', start, end));
    frames++;
    start = end + 1;
  }
  return frames;
}

const delimiter = Buffer.from('\r\n--frame-of-the-bench');

/** No parser at all: the boundaries alone, by the runtime's own search. */
function indexOfBoundary(bytes: Buffer): number {
  let frames = 0;
  for (let at = bytes.indexOf(delimiter); at >= 0; at = bytes.indexOf(delimiter, at + delimiter.length)) frames++;
  // The closing delimiter is a frame as well, and the first one has no line break before it.
  return frames + 1;
}

function streamparserJson(bytes: Buffer): number {
  let frames = 0;
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false });
  parser.onValue = () => {
    frames++;
  };
  fed(bytes, (piece) => {
    parser.write(piece);
  });
  return frames;
}

/** Each framing beside its peer on the same bytes, alternating, the best of `rounds` each. */
export function measureFramings(bytes: number, rounds: number): FramingMeasurement[] {
  const sse = buffer(bytes, (n) => `data: ${record(n)}\n\n`, '');
  const lines = buffer(bytes, (n) => `${record(n)}\n`, '');
  const array = buffer(bytes, record, ',\n');
  const elements = { bytes: Buffer.concat([Buffer.from('['), array.bytes, Buffer.from(']')]), frames: array.frames };
  const texts = buffer(
    bytes,
    (n) => `Content-Type: text/plain\r\n\r\n${record(n).repeat(20)}`,
    delimiter.toString() + '\r\n',
  );
  const parts = {
    bytes: Buffer.concat([delimiter.subarray(2), Buffer.from('\r\n'), texts.bytes, delimiter, Buffer.from('--')]),
    frames: texts.frames + 1,
  };
  const pairs = [
    {
      peer: 'eventsource-parser',
      peerRun: eventsourceParser,
      name: 'sse',
      run: (b: Buffer) => ours('sse', b),
      input: sse,
    },
    {
      peer: 'indexOf + JSON.parse',
      peerRun: indexOfAndParse,
      name: 'ndjson, validated',
      run: (b: Buffer) => ours('ndjson', b),
      input: lines,
    },
    {
      peer: '@streamparser/json',
      peerRun: streamparserJson,
      name: 'json, array elements, validated',
      run: (b: Buffer) => ours('json', b),
      input: elements,
    },
    {
      peer: 'indexOf of the boundary',
      peerRun: indexOfBoundary,
      name: 'multipart',
      run: (b: Buffer) => ours('multipart', b, 'multipart/mixed; boundary=frame-of-the-bench'),
      input: parts,
    },
  ];
  return pairs.flatMap(({ peer, peerRun, name, run, input }) => {
    let peerSeconds = Infinity;
    let oursSeconds = Infinity;
    for (let round = 0; round < rounds; round++) {
      peerSeconds = Math.min(peerSeconds, timed(peerRun, input));
      oursSeconds = Math.min(oursSeconds, timed(run, input));
    }
    const row = (label: string, seconds: number, ratio: number | null): FramingMeasurement => ({
      name: label,
      bytesPerSecond: input.bytes.length / seconds,
      framesPerSecond: input.frames / seconds,
      ratio,
    });
    return [row(peer, peerSeconds, null), row(`  ${name}`, oursSeconds, peerSeconds / oursSeconds)];
  });
}

function timed(run: (bytes: Buffer) => number, input: { readonly bytes: Buffer; readonly frames: number }): number {
  const start = performance.now();
  const frames = run(input.bytes);
  const seconds = (performance.now() - start) / 1000;
  if (frames !== input.frames) throw new Error(`${String(frames)} of ${String(input.frames)} frames were found`);
  return seconds;
}
