import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import type { MessageView } from '../../../src/shared/message.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';
import type { RecordingId } from '../../../src/shared/words.ts';
import { withServer } from '../capture/capturing.ts';

let home = '';
let instrument: Instrument;
const context = { signal: new AbortController().signal, session: 'test' };

const start = (): Promise<Instrument> =>
  createInstrument({ host: 'memory', version: '0.0.0', folder: home, samplesFolder: null, startMock: false });

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-messages-'));
  instrument = await start();
});

afterEach(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

const chunk = (choice: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta: {}, ...choice }], ...more })}\n\n`;
const say = (content: string): string => chunk({ delta: { content } });
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n';

async function record(pieces: readonly string[]): Promise<RecordingId> {
  let id = '';
  await withServer(
    'http',
    async (peer) => {
      await peer.write(head);
      for (const piece of pieces) await peer.write(piece);
      peer.close();
    },
    async (server) => {
      const request = {
        method: 'GET',
        url: server.url,
        headers: [],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: { ...defaultRequestOptions },
      } as const;
      ({ id } = await instrument.handlers['recording.open']({ request, framing: null }, context));
      await instrument.recordings.settled(id);
    },
  );
  return id;
}

async function messageOf(id: RecordingId): Promise<MessageView> {
  const { message } = await instrument.handlers['recording.message']({ id, have: null }, context);
  if (message === null) throw new Error('there is no message');
  return message;
}

const spoken = [
  say('Hel'),
  say('lo'),
  chunk({ finish_reason: 'stop' }),
  chunk({}, { choices: [], usage: { prompt_tokens: 1, completion_tokens: 5 } }),
  'data: [DONE]\n\n',
];

/** All but the number that says which object it is. */
const comparable = ({ generation: _, ...view }: MessageView) => view;

describe('the message of a recording', () => {
  it('is the same live and after a restart, when it is read again from the stored frames', async () => {
    const id = await record(spoken);
    const live = await messageOf(id);
    expect(live.answers[0]?.text.text).toBe('Hello');
    expect(live.metrics.tokens).toMatchObject({ count: 5, source: 'usage' });
    expect(live.metrics.ttftFrame).toBe(0);
    expect(live.isTerminated).toBe(true);
    await instrument.close();
    instrument = await start();
    expect(comparable(await messageOf(id))).toEqual(comparable(live));
    const detail = await instrument.handlers['recording.read']({ id }, context);
    expect(detail.dialect).toMatchObject({ dialect: 'openai-chat', isSettled: true });
    expect(detail.contentTimes?.ttftMicros).toBe(live.metrics.ttftMicros);
    expect(detail.summary.dialect).toBe('openai-chat');
  });

  it('is told in parts to somebody who has some of it', async () => {
    const id = await record(spoken);
    const whole = await messageOf(id);
    const have = { generation: whole.generation, texts: [[3, 0, 0]] as const, arguments: [] };
    const { message } = await instrument.handlers['recording.message']({ id, have }, context);
    expect(message?.answers[0]?.text).toMatchObject({ from: 3, text: 'lo', length: 5 });
    const stale = { ...have, generation: whole.generation + 1_000 };
    const again = await instrument.handlers['recording.message']({ id, have: stale }, context);
    expect(again.message?.answers[0]?.text).toMatchObject({ from: 0, text: 'Hello' });
  });

  it('counts tokens itself where the provider does not, and says by what', async () => {
    const id = await record([say('Hello, how are you today?'), chunk({ finish_reason: 'stop' }), 'data: [DONE]\n\n']);
    const { metrics } = await messageOf(id);
    expect(metrics.tokens).toMatchObject({ count: 7, source: 'estimated', tokenizer: 'o200k_base' });
  });

  it('is read in another dialect when the user says so, kept after a restart, and detected again', async () => {
    const id = await record(['data: {"out":"a"}\n\n', 'data: {"out":"b"}\n\n']);
    const none = await instrument.handlers['recording.message']({ id, have: null }, context);
    expect(none.message).toBeNull();
    await instrument.handlers['recording.reframe']({ id, framing: null, dialect: 'generic:out' }, context);
    await expect
      .poll(async () => (await instrument.handlers['recording.read']({ id }, context)).dialect?.by)
      .toBe('user');
    expect((await messageOf(id)).answers[0]?.text.text).toBe('ab');
    await instrument.close();
    instrument = await start();
    expect((await messageOf(id)).answers[0]?.text.text).toBe('ab');
    await instrument.handlers['recording.reframe']({ id, framing: null, dialect: null }, context);
    await expect.poll(async () => (await instrument.handlers['recording.read']({ id }, context)).dialect).toBeNull();
  });

  it('is none for a dialect that there is not', async () => {
    const id = await record(spoken);
    const wrong = async () =>
      instrument.handlers['recording.reframe']({ id, framing: null, dialect: 'klingon' }, context);
    await expect(wrong()).rejects.toThrow(FailureError);
    await expect(wrong()).rejects.toThrow('There is no dialect “klingon”');
  });

  it('of an imported recording has texts and tokens, and no times', async () => {
    const file = path.join(home, 'answer.sse');
    await writeFile(file, spoken.join(''));
    const id = await instrument.importPath(file, { contentType: 'text/event-stream' });
    await instrument.recordings.settled(id);
    const { metrics, answers } = await messageOf(id);
    expect(answers[0]?.text.text).toBe('Hello');
    expect(metrics).toMatchObject({ ttftMicros: null, ttftFrame: 0, itlMicros: null, tokens: { count: 5 } });
  });

  it('keeps its errors, and one diagnostic for each', async () => {
    const id = await record([say('Hel'), 'data: {"error":{"message":"overloaded","type":"server_error"}}\n\n']);
    expect((await messageOf(id)).errors).toEqual([{ code: 'server_error', message: 'overloaded', frame: 1 }]);
    const { items } = await instrument.handlers['recording.diagnostics']({ id, from: 0, count: 100 }, context);
    expect(
      items.filter(({ code }) => code.endsWith('error-in-stream')).map(({ code, frame }) => [code, frame]),
    ).toEqual([['ai/error-in-stream', 1]]);
  });
});
