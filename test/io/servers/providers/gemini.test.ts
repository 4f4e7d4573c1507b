import { ApiError, createPartFromFunctionResponse, FinishReason, GoogleGenAI } from '@google/genai';
import { describe, expect, it } from 'vitest';
import { ask } from '../../../unit/engine/mock/providers/asking.ts';
import {
  askedTools,
  callsOf,
  expectLeft,
  mockHeaders,
  model,
  orderTool,
  planOf,
  question,
  reasoningOf,
  textOf,
  thrownBy,
  useProvider,
} from './provider.ts';

const provider = useProvider();

function client(behaviour?: string, more?: string): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: 'any',
    httpOptions: {
      baseUrl: `${provider.url}/gemini`,
      headers: mockHeaders(behaviour, more),
      retryOptions: { attempts: 1 },
    },
  });
}

type Config = NonNullable<Parameters<GoogleGenAI['models']['generateContentStream']>[0]['config']>;
type Contents = Parameters<GoogleGenAI['models']['generateContentStream']>[0]['contents'];

const config: Config = {
  tools: [{ functionDeclarations: [{ name: orderTool.name, parametersJsonSchema: orderTool.schema }] }],
};

/** Everything that came, put together as a caller would. */
async function streamed(ai: GoogleGenAI, more: Config = {}, contents: Contents = question, of = model) {
  const stream = await ai.models.generateContentStream({ model: of, contents, config: more });
  const said = { text: '', thoughts: '', calls: [] as { name?: string; args?: unknown }[] };
  let last;
  for await (const chunk of stream) {
    last = chunk;
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      if (part.functionCall !== undefined) said.calls.push(part.functionCall);
      else if (part.thought === true) said.thoughts += part.text ?? '';
      else said.text += part.text ?? '';
    }
  }
  return { ...said, last };
}

describe('Gemini', () => {
  it('assembles text, thoughts and usage', async () => {
    const plan = planOf('reasoning');
    const { text, thoughts, last } = await streamed(client(), { thinkingConfig: { includeThoughts: true } });
    expect(text).toBe(textOf(plan));
    expect(thoughts).toBe(reasoningOf(plan));
    expect(last?.candidates?.[0]?.finishReason).toBe(FinishReason.STOP);
    expect(last?.usageMetadata).toMatchObject({
      promptTokenCount: plan.usage.input,
      candidatesTokenCount: plan.usage.output - plan.usage.reasoning,
      thoughtsTokenCount: plan.usage.reasoning,
    });
  });

  it('calls functions, and answers when their results are brought', async () => {
    const { calls } = await streamed(client(), config);
    expect(calls.map(({ name, args }) => ({ name, arguments: args }))).toEqual(
      callsOf(planOf('tools', { tools: askedTools })),
    );
    const second = await streamed(client(), config, [
      { role: 'user', parts: [{ text: question }] },
      { role: 'model', parts: calls.map((functionCall) => ({ functionCall })) as never },
      { role: 'user', parts: [createPartFromFunctionResponse('call', orderTool.name, { state: 'packed' })] },
    ]);
    expect(second.text).not.toBe('');
    expect(second.calls).toEqual([]);
    expect((await streamed(client('parallel-tools'), config)).calls).toHaveLength(2);
  });

  it('knows a blocked prompt, a filter and a cut', async () => {
    const blocked = await streamed(client('refusal'));
    expect(blocked.last?.promptFeedback?.blockReason).toBe('PROHIBITED_CONTENT');
    const filtered = await streamed(client('filter'));
    expect(filtered.last?.candidates?.[0]?.finishReason).toBe(FinishReason.SAFETY);
    const cut = await streamed(client(), { maxOutputTokens: 7 });
    expect(cut.last?.candidates?.[0]?.finishReason).toBe(FinishReason.MAX_TOKENS);
    expect(cut.last?.usageMetadata?.candidatesTokenCount).toBe(7);
  });

  it('throws before a stream and in the middle of one', async () => {
    for (const status of [400, 401, 429, 503]) {
      const error = await thrownBy(() => streamed(client(), {}, question, `mock-error-${status}`));
      expect(error).toBeInstanceOf(ApiError);
      expect(error.status).toBe(status);
    }
    const during = await thrownBy(() => streamed(client('error')));
    expect(during.message).toMatch(/overloaded in the middle/);
  });

  it('is missed when it leaves', async () => {
    const leaving = new AbortController();
    const stream = await client('text', '&n=20000&delayMs=20').models.generateContentStream({
      model,
      contents: question,
      config: { abortSignal: leaving.signal },
    });
    await thrownBy(async () => {
      for await (const _chunk of stream) leaving.abort();
    });
    await expectLeft(provider);
  });

  it('answers in one piece, and as an array that grows', async () => {
    const plan = planOf('text');
    const response = await client().models.generateContent({ model, contents: question });
    expect(response.text).toBe(textOf(plan));
    const array = await fetch(`${provider.url}/gemini/v1beta/models/${model}:streamGenerateContent`, {
      method: 'POST',
      headers: mockHeaders(),
      body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: question }] }] }),
    });
    expect(array.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    const body = await array.text();
    expect(body).toContain('\n,\r\n{');
    const responses = JSON.parse(body) as { candidates: { content: { parts: { text: string }[] } }[] }[];
    expect(responses.map(({ candidates }) => candidates[0]?.content.parts[0]?.text).join('')).toBe(textOf(plan));
    const failed = ask(`/gemini/v1beta/models/mock-error-429:streamGenerateContent`, {});
    expect(failed).toMatchObject({ status: 429, text: expect.stringMatching(/^\[\{"error":\{"code":429/) as string });
  });
});
