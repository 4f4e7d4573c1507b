import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { messageReader } from '../../../src/main/instrument/messages.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';
import { withServer } from '../capture/capturing.ts';

let home = '';
let instrument: Instrument;
const context = { signal: new AbortController().signal, session: 'test' };

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-aimock-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '1.2.3',
    folder: home,
    samplesFolder: null,
    startMock: false,
  });
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

const asked = 'What is the weather like in Rome?';
const secret = `sk-${'a1B2c3'.repeat(6)}`;

const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-7', object: 'chat.completion.chunk', created: 1, model: 'gpt-x', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const call = (rest: object): object => ({ tool_calls: [{ index: 0, ...rest }] });

const text = ['Let ', 'me ', 'look ', 'that ', 'up: ', '“é” ', '✓'];
const argumentPieces = ['{"city"', ':"Rome"', ',"key":"', secret.slice(0, 9), secret.slice(9), '"}'];
const stream = [
  chunk({ role: 'assistant', content: '' }),
  ...text.map((content) => chunk({ content })),
  chunk(call({ id: 'call_9', type: 'function', function: { name: 'weather', arguments: '' } })),
  ...argumentPieces.map((piece) => chunk(call({ function: { arguments: piece } }))),
  chunk({}, 'tool_calls'),
  'data: [DONE]\n\n',
];

async function record(pieces: readonly string[]): Promise<string> {
  let id = '';
  await withServer(
    'http',
    async (peer) => {
      await peer.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n');
      for (const piece of pieces) await peer.write(piece);
      peer.close();
    },
    async (server) => {
      const body = { model: 'gpt-x', messages: [{ role: 'user', content: asked }], stream: true };
      const request = {
        method: 'POST',
        url: server.url,
        headers: [['content-type', 'application/json']] as const,
        body: { kind: 'text', text: JSON.stringify(body) } as const,
        auth: { kind: 'none' } as const,
        options: { ...defaultRequestOptions },
      };
      ({ id } = await instrument.handlers['recording.open']({ request, framing: null }, context));
      await instrument.recordings.settled(id);
    },
  );
  return id;
}

async function exported(id: string, withSecrets = false): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const written = instrument.exports.write({ id, format: 'aimock', withSecrets }, context.signal);
  for await (const { bytes } of written) pieces.push(bytes);
  return Buffer.concat(pieces);
}

async function broughtIn(bytes: Uint8Array, name = 'fixtures.json'): Promise<readonly string[]> {
  const file = path.join(home, name);
  await writeFile(file, bytes);
  const ids = await instrument.importAll(file);
  for (const id of ids) await instrument.recordings.settled(id);
  return ids;
}

async function messageOf(id: string) {
  const reader = await messageReader(instrument.recordings.get(id), defaultLimits);
  const choice = reader?.message.choice(0);
  return {
    text: choice?.text.text,
    calls: choice?.calls.map(({ name, argumentsText }) => [name, argumentsText]),
    finish: choice?.finish?.reason,
  };
}

describe('an aimock fixture', () => {
  it('is taken by aimock, and a client gets the message that was recorded', async () => {
    const id = await record(stream);
    const file = path.join(home, 'recorded.json');
    await writeFile(file, await exported(id, true));
    const mock = new LLMock({ port: 0, strict: true });
    mock.loadFixtureFile(file);
    await mock.start();
    try {
      const client = new OpenAI({ baseURL: `${mock.url}/v1`, apiKey: 'none', maxRetries: 0 });
      const answer = await client.chat.completions
        .stream({ model: 'gpt-x', messages: [{ role: 'user', content: asked }] })
        .finalChatCompletion();
      const [choice] = answer.choices;
      expect(choice?.message.content).toBe(text.join(''));
      const [called] = choice?.message.tool_calls ?? [];
      expect(called?.type === 'function' ? called.function : null).toMatchObject({
        name: 'weather',
        arguments: argumentPieces.join(''),
      });
      expect(choice?.finish_reason).toBe('tool_calls');
    } finally {
      await mock.stop();
    }
  });

  it('holds no secret, comes back as a recording that says the same, and is written the same again', async () => {
    const id = await record(stream);
    const file = await exported(id);
    expect(file.toString()).not.toContain(secret);
    expect(file.toString()).toMatch(/REDACTED1x+/);
    const whole = await exported(id, true);
    const [again = ''] = await broughtIn(whole);
    expect(await messageOf(again)).toEqual(await messageOf(id));
    expect(instrument.recordings.get(again).facts()).toMatchObject({
      timesKnown: true,
      ending: { code: 'end/imported' },
    });
    const first = JSON.parse(whole.toString()) as { readonly fixtures: readonly { readonly response: unknown }[] };
    const second = JSON.parse((await exported(again, true)).toString()) as typeof first;
    expect(second.fixtures[0]?.response).toEqual(first.fixtures[0]?.response);
  });

  it('of a stream that is an error is an error', async () => {
    const error = { message: 'Overloaded', type: 'server_error', code: 'overloaded' };
    const id = await record([chunk({ role: 'assistant', content: '' }), `data: ${JSON.stringify({ error })}\n\n`]);
    const file = JSON.parse((await exported(id)).toString()) as unknown;
    expect(file).toMatchObject({ fixtures: [{ response: { error: { message: 'Overloaded' }, status: 500 } }] });
  });

  it('cannot be made of what is no token stream, and says so', async () => {
    const id = await record(['data: x\n\n']);
    const failure = await exported(id).catch((reason: unknown) => reason);
    expect(failure instanceof FailureError && failure.failure.code).toBe('export/no-message');
  });
});

describe('files of aimock itself', () => {
  const folder = fileURLToPath(new URL('../../../node_modules/@copilotkit/aimock/fixtures/', import.meta.url));

  it.each([
    ['example-greeting.json', 'Hello'],
    ['example-multi-turn.json', 'Done!'],
    ['example-tool-call.json', ''],
    ['examples/llm/blocks-tool-first.json', ''],
  ])('%s is brought in', async (name, beginning) => {
    const ids = await instrument.importAll(path.join(folder, name));
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) await instrument.recordings.settled(id);
    const messages = await Promise.all(ids.map(messageOf));
    expect(messages.some(({ text: said = '' }) => said.startsWith(beginning))).toBe(true);
    expect(messages.every(({ text: said = '', calls = [] }) => said !== '' || calls.length > 0)).toBe(true);
  });

  it.each([
    ['cut', '{"fixtures":[{"match":{'],
    ['of nothing', '{"fixtures":[]}'],
    ['of something else', '{"fixtures":[{"team":"A"},7]}'],
    ['deep', `{"fixtures":[${'['.repeat(1_000_000)}`],
  ])('that are %s are a body of JSON', async (_name, content) => {
    const [id = ''] = await broughtIn(Buffer.from(content));
    const { reader } = instrument.recordings.get(id);
    expect(reader.byteLength('body')).toBe(content.length);
  });
});
