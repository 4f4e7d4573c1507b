import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { mockHeaders, model, planOf, question, textOf, useProvider } from '../servers/providers/provider.ts';
import { withProxy, type ProxyUnderTest } from './proxying.ts';

const provider = useProvider();
const key = 'sk-proj-0123456789abcdefghijklmnopqrstuvwxyz';

function withRoutes<T>(use: (proxy: ProxyUnderTest) => Promise<T>): Promise<T> {
  return withProxy({}, (proxy) => {
    proxy.configure([
      { name: 'openai', upstream: `${provider.url}/openai` },
      { name: 'anthropic', upstream: `${provider.url}/anthropic` },
    ]);
    return use(proxy);
  });
}

/** All of a recording as it is shared: without its secrets unless asked for. */
async function exported({ instrument }: ProxyUnderTest, id: string, withSecrets: boolean): Promise<string> {
  const context = { signal: new AbortController().signal, session: 'test' };
  const { exportId } = await instrument.handlers['export.begin']({ id, format: 'jsonl', withSecrets }, context);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { bytes, isLast } = await instrument.handlers['export.read']({ exportId }, context);
    pieces.push(bytes);
    if (isLast) return Buffer.concat(pieces).toString('utf8');
  }
}

describe('providers’ own clients, through the proxy', () => {
  it('openai: streams, is recorded as a message, and its key is masked and never exported', async () => {
    await withRoutes(async (proxy) => {
      const client = new OpenAI({
        apiKey: key,
        baseURL: `${proxy.url}/openai/v1`,
        maxRetries: 0,
        defaultHeaders: mockHeaders(),
      });
      const runner = client.chat.completions.stream({ model, messages: [{ role: 'user', content: question }] });
      const completion = await runner.finalChatCompletion();
      expect(completion.choices[0]?.message.content).toBe(textOf(planOf('text')));
      const [line] = await proxy.over(1);
      const id = line?.recordingId ?? '';
      await proxy.instrument.recordings.settled(id);
      const [summary] = proxy.instrument.recordings.list();
      expect(summary).toMatchObject({
        source: 'proxy',
        dialect: 'openai-chat',
        route: 'openai',
        endingKind: 'complete',
      });
      expect(summary?.client).toMatch(
        process.platform === 'linux' ? new RegExp(`\\(${String(process.pid)}\\)$`) : /OpenAI/,
      );
      const found = await proxy.instrument.libraryPanel.search('route:openai client:no-such-program', 'newest');
      expect(found.ids).toEqual([]);
      expect((await proxy.instrument.libraryPanel.search('route:openai source:proxy', 'newest')).ids).toEqual([id]);
      expect(await exported(proxy, id, true)).toContain(key);
      expect(await exported(proxy, id, false)).not.toContain(key);
      expect(JSON.stringify(proxy.instrument.proxy.describe())).not.toContain(key);
    });
  });

  it('anthropic: streams', async () => {
    await withRoutes(async (proxy) => {
      const client = new Anthropic({
        apiKey: key,
        baseURL: `${proxy.url}/anthropic`,
        maxRetries: 0,
        defaultHeaders: mockHeaders(),
      });
      const message = await client.messages
        .stream({ model, max_tokens: 1024, messages: [{ role: 'user', content: question }] })
        .finalMessage();
      expect(message.content).toMatchObject([{ type: 'text', text: textOf(planOf('text')) }]);
      const [line] = await proxy.over(1);
      expect(line).toMatchObject({ route: 'anthropic', state: 'complete', status: 200 });
    });
  });

  it('an error of the proxy is one that a client shows', async () => {
    await withRoutes(async (proxy) => {
      proxy.configure([{ name: 'openai', upstream: 'http://127.0.0.1:1' }]);
      const client = new OpenAI({ apiKey: key, baseURL: `${proxy.url}/openai/v1`, maxRetries: 0 });
      const asked = client.chat.completions.create({ model, messages: [{ role: 'user', content: question }] });
      await expect(asked).rejects.toThrow(/502 Nothing accepts connections/);
    });
  });
});
