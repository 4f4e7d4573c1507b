import { z } from 'zod';
import { type MockCall, streamAnswer, type WholeAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import { type MockStep, textStep } from '../step.ts';
import type { PlanFailure } from './answerPlan.ts';
import { type Asked, type AskedTool, callableTools, textOf, tokenLimit } from './asked.ts';
import { geminiResponse, geminiResponses } from './geminiResponses.ts';
import { compactJson, providerEndpoint, type ProviderForm, retryHeaders } from './providerEndpoint.ts';

const contentList = z.looseObject({
  role: z.string().optional(),
  parts: z.array(z.looseObject({ text: z.string().optional(), functionResponse: z.unknown().optional() })).optional(),
});

const geminiRequest = z.looseObject({
  contents: z.union([contentList, z.array(contentList)]).optional(),
  tools: z
    .array(
      z.looseObject({
        functionDeclarations: z
          .array(
            z.looseObject({
              name: z.string().min(1),
              parameters: z.unknown().optional(),
              parametersJsonSchema: z.unknown().optional(),
            }),
          )
          .optional(),
      }),
    )
    .nullish(),
  toolConfig: z
    .looseObject({
      functionCallingConfig: z
        .looseObject({ mode: z.string().optional(), allowedFunctionNames: z.array(z.string()).optional() })
        .optional(),
    })
    .nullish(),
  generationConfig: z
    .looseObject({
      maxOutputTokens: tokenLimit,
      thinkingConfig: z.looseObject({ includeThoughts: z.boolean().optional() }).nullish(),
    })
    .nullish(),
});

type GeminiBody = z.infer<typeof geminiRequest>;

function asked(body: GeminiBody, { parameters }: MockCall): Asked {
  const contents = body.contents === undefined ? [] : [body.contents].flat();
  const calling = body.toolConfig?.functionCallingConfig;
  const declared = (body.tools ?? []).flatMap(({ functionDeclarations = [] }) =>
    functionDeclarations.map((tool): AskedTool => ({
      name: tool.name,
      schema: tool.parametersJsonSchema ?? tool.parameters ?? null,
    })),
  );
  const { maxOutputTokens, thinkingConfig } = body.generationConfig ?? {};
  return {
    model: parameters.model ?? 'mock-1',
    prompt: textOf(contents.findLast(({ role }) => role === undefined || role === 'user')?.parts),
    tools: calling?.mode === 'NONE' ? [] : callableTools(declared, calling?.allowedFunctionNames?.[0] ?? null),
    hasToolResults: contents.at(-1)?.parts?.some((part) => part.functionResponse !== undefined) === true,
    wantsReasoning: thinkingConfig?.includeThoughts === true,
    maxTokens: maxOutputTokens ?? null,
    stream: true,
  };
}

const statusNames: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
};

function geminiError({ status, message }: PlanFailure) {
  return { error: { code: status, message, status: statusNames[status] ?? 'UNAVAILABLE' } };
}

/** A failure is an element of the array where an array was asked for. */
function fail(failure: PlanFailure, isArray: boolean): WholeAnswer {
  const body = geminiError(failure);
  return compactJson(failure.status, isArray ? [body] : body, retryHeaders(failure.status));
}

/** Google writes a space behind each colon. */
function spacedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${spacedJson(member)}`).join(',')}}`;
}

interface TimedValue {
  readonly delayMillis: number;
  readonly value: object;
}

function* asEvents(responses: Iterable<TimedValue>): Generator<MockStep, void, undefined> {
  for (const { delayMillis, value } of responses) yield textStep(delayMillis, `data: ${spacedJson(value)}\r\n\r\n`);
}

/** The array as it is on the wire: elements printed pretty, separators on lines of their own. */
function* asArray(responses: Iterable<TimedValue>): Generator<MockStep, void, undefined> {
  let before = '[';
  for (const { delayMillis, value } of responses) {
    yield textStep(delayMillis, before + JSON.stringify(value, null, 2));
    before = '\n,\r\n';
  }
  yield textStep(0, '\n]');
}

const exampleBody = { contents: [{ role: 'user', parts: [{ text: 'What makes a good stream?' }] }] };

function isSse({ query }: MockCall): boolean {
  return query.get('alt') === 'sse';
}

function geminiForms(version: string): readonly MockEndpoint[] {
  const form = (verb: string, answers: Pick<ProviderForm<GeminiBody>, 'title' | 'answer' | 'fail'>): MockEndpoint =>
    providerEndpoint({
      group: 'Gemini',
      path: `/gemini/${version}/models/{model}:${verb}`,
      example: `/gemini/${version}/models/mock-1:${verb}${verb === 'streamGenerateContent' ? '?alt=sse' : ''}`,
      exampleBody,
      body: geminiRequest,
      asked,
      ...answers,
    });
  return [
    form('streamGenerateContent', {
      title: 'Gemini streamGenerateContent: events with alt=sse, else a JSON array that grows.',
      answer: (plan, _asked, _body, call) => {
        const responses = geminiResponses(plan, geminiError);
        return isSse(call)
          ? streamAnswer('text/event-stream', asEvents(responses))
          : streamAnswer('application/json; charset=UTF-8', asArray(responses));
      },
      fail: (failure, _ids, call) => fail(failure, !isSse(call)),
    }),
    form('generateContent', {
      title: 'The same answer in one piece.',
      answer: (plan) => compactJson(200, geminiResponse(plan)),
      fail: (failure) => fail(failure, false),
    }),
  ];
}

export const gemini: readonly MockEndpoint[] = geminiForms('v1beta');
