import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { mockEndpoints } from '../../../../src/engine/mock/endpoints.ts';
import { providerEndpoints } from '../../../../src/engine/mock/providers/providerEndpoints.ts';
import { decodeEventLine } from '../../../../src/engine/recording/streamJsonl.ts';
import { Analysis } from '../../../../src/engine/recording/analysis.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';

interface Stream {
  readonly contentType: string;
  readonly chunks: readonly Uint8Array[];
}

/** A stream as the product reads it: the dialect it is taken for, and what of a dialect is found in it. */
function read({ contentType, chunks }: Stream) {
  const blocks: Uint8Array[] = [];
  const analysis = new Analysis(
    { put: (n, _summary, bytes) => void (blocks[n] = bytes), get: (n) => blocks[n] ?? new Uint8Array(0) },
    { contentType, url: null, framing: null, limits: defaultLimits, timesKnown: false },
  );
  chunks.forEach((bytes, n) => {
    analysis.chunk(0, bytes.length);
    analysis.body(n, 0, bytes);
  });
  analysis.end();
  const codes = analysis.diagnostics.kept.map(({ diagnostic }) => diagnostic.code);
  return {
    dialect: analysis.dialect?.decision?.dialect ?? null,
    found: codes.filter((code) => code.startsWith('ai/')),
    errors: codes.filter((code) => code.endsWith('/error-in-stream')),
  };
}

/** An endpoint's answer with its example's knobs, as fast as it goes. */
function answerOf(endpoint: (typeof mockEndpoints)[number], query: string, body = ''): Stream {
  const answer = endpoint.answer({
    method: endpoint.method,
    path: endpoint.path,
    parameters: {},
    query: new URLSearchParams(query),
    headers: {},
    authorization: null,
    lastEventId: null,
    body,
  });
  const contentType = answer.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  if (answer.kind === 'stream') return { contentType, chunks: Array.from(answer.steps, ({ bytes }) => bytes) };
  return { contentType, chunks: [Buffer.from(answer.text)] };
}

/** Those that play providers are looked at in test/unit/engine/mock/providers. */
const presets = mockEndpoints.filter((endpoint) => !providerEndpoints.includes(endpoint));

describe('the mock server', () => {
  const chat = '/v1/chat/completions';
  const question = { model: 'mock-1', messages: [{ role: 'user', content: 'Why?' }], stream: true };
  const withUsage = { ...question, stream_options: { include_usage: true } };

  it.each(presets.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    '%s is taken for what it is',
    (_name, endpoint) => {
      const { search } = new URL(endpoint.example, 'http://mock');
      const knobs = endpoint.path === '/download/large-file' ? 'n=1' : search;
      const stream = answerOf(endpoint, knobs, JSON.stringify(withUsage));
      expect(stream.chunks.length).toBeGreaterThan(0);
      const isChat = endpoint.path === chat;
      expect(read(stream).dialect).toBe(isChat ? 'openai-chat' : null);
      expect(read(stream).found).toEqual([]);
    },
  );

  it.each([1, 2, 3, 10])('%s orders are no token stream, whatever else they say', (n) => {
    for (const endpoint of presets.filter(({ path: of }) => of !== chat)) {
      expect(read(answerOf(endpoint, `n=${String(n)}`))).toMatchObject({ dialect: null, found: [] });
    }
  });
});

describe('a sample', () => {
  const folder = path.join(import.meta.dirname, '../../../../resources/samples');
  const dialects: Readonly<Record<string, string | null>> = {
    'An answer that stalls': 'openai-chat',
    'An export cut at row 201': null,
    'Events that something buffers': null,
    'Order events with heartbeats': null,
    'Orders as lines, one of them an error': null,
  };

  it.each(readdirSync(folder))('%s is taken for what it is', (file) => {
    const [, ...lines] = readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n');
    const chunks: Uint8Array[] = [];
    let contentType = '';
    for (const line of lines) {
      const event = decodeEventLine(line);
      if (!('kind' in event)) throw new Error(event.message);
      if (event.kind === 'chunk') chunks.push(event.bytes);
      if (event.kind !== 'head') continue;
      contentType = event.head.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
    }
    const name = file.replace('.stream.jsonl', '');
    expect(Object.keys(dialects)).toContain(name);
    expect(read({ contentType, chunks })).toMatchObject({ dialect: dialects[name], found: [] });
  });
});

describe('an error that comes before its dialect is known', () => {
  it('is told once', () => {
    const error = { error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } };
    const blocks: Uint8Array[] = [];
    const analysis = new Analysis(
      { put: (n, _summary, bytes) => void (blocks[n] = bytes), get: (n) => blocks[n] ?? new Uint8Array(0) },
      { contentType: 'text/event-stream', url: null, framing: null, limits: defaultLimits, timesKnown: false },
    );
    const body = Buffer.from(JSON.stringify(error, null, 2));
    analysis.chunk(0, body.length);
    analysis.body(0, 0, body);
    analysis.end();
    const codes = analysis.diagnostics.kept.map(({ diagnostic }) => diagnostic.code);
    expect(codes.filter((code) => code.endsWith('/error-in-stream'))).toHaveLength(1);
  });
});

describe('an error that comes instead of a stream', () => {
  const ofAnthropic = {
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded' },
    request_id: 'req_1',
  };
  const ofOpenai = { error: { message: 'No.', type: 'invalid_request_error', param: null, code: null } };
  const ofMistral = { object: 'error', message: 'No.', type: 'rate_limited', code: '429' };

  it.each([
    ['anthropic', ofAnthropic],
    ['openai-chat', ofOpenai],
    ['openai-chat', ofMistral],
    // A message alone may be anybody's.
    [null, { id: '1', message: 'No.' }],
    [null, { message: 'No.' }],
  ])('is of %s by its shape', (dialect, body) => {
    const run = read({ contentType: 'application/json', chunks: [Buffer.from(JSON.stringify(body))] });
    expect(run.dialect).toBe(dialect);
    expect(run.errors).toHaveLength(dialect === null ? 0 : 1);
  });
});
