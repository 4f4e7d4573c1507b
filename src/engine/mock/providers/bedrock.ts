import { z } from 'zod';
import { toBase64 } from '../../bytes/base64.ts';
import { streamAnswer, type MockAnswer, type WholeAnswer } from '../answer.ts';
import type { MockEndpoint } from '../endpoint.ts';
import type { MockStep } from '../step.ts';
import type { AnswerPlan, PlanFailure } from './answerPlan.ts';
import { anthropicRequest, askedOfMessages } from './anthropic.ts';
import { anthropicEvents } from './anthropicMessages.ts';
import { type Asked, type AskedTool, callableTools, textOf, tokenLimit } from './asked.ts';
import { awsEventStep, awsExceptionStep } from './awsMessage.ts';
import { converseStream, paddingOf } from './bedrockConverse.ts';
import type { IdSource } from './ids.ts';
import { compactJson, providerEndpoint, retryHeaders } from './providerEndpoint.ts';

const exceptions: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
};

function fail({ status, message }: PlanFailure, ids: IdSource): WholeAnswer {
  const type = exceptions[status] ?? 'ServiceUnavailableException';
  return compactJson(status, { message }, [
    ...retryHeaders(status),
    ['X-Amzn-RequestId', ids.uuid()],
    ['X-Amzn-ErrorType', type],
  ]);
}

function awsAnswer(plan: AnswerPlan, steps: Iterable<MockStep>): MockAnswer {
  const answer = streamAnswer('application/vnd.amazon.eventstream', steps);
  return { ...answer, headers: [...answer.headers, ['X-Amzn-RequestId', plan.ids.uuid()]] };
}

const utf8 = new TextEncoder();

/** Anthropic's events, each as base64 in an event named `chunk`; what Bedrock measured comes with the last. */
function* invokeStream(plan: AnswerPlan): Generator<MockStep, void, undefined> {
  const { input, output } = plan.usage;
  let n = 0;
  for (const { delayMillis, event } of anthropicEvents(plan)) {
    if (event.type === 'error') {
      yield awsExceptionStep(delayMillis, 'modelStreamErrorException', plan.failure?.message ?? '');
      return;
    }
    const millis = Math.round(plan.delayMs);
    const metrics = {
      inputTokenCount: input,
      outputTokenCount: output,
      invocationLatency: millis * (output + 10),
      firstByteLatency: millis * 10,
    };
    const inner = event.type === 'message_stop' ? { ...event, 'amazon-bedrock-invocationMetrics': metrics } : event;
    const bytes = toBase64(utf8.encode(JSON.stringify(inner)));
    yield awsEventStep(delayMillis, 'chunk', { bytes, p: paddingOf(plan, n++) });
  }
}

const converseRequest = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z.array(z.looseObject({ text: z.string().optional(), toolResult: z.unknown().optional() })),
      }),
    )
    .optional(),
  inferenceConfig: z.looseObject({ maxTokens: tokenLimit }).nullish(),
  toolConfig: z
    .looseObject({
      tools: z
        .array(
          z.looseObject({
            toolSpec: z
              .looseObject({
                name: z.string().min(1),
                inputSchema: z.looseObject({ json: z.unknown().optional() }).optional(),
              })
              .optional(),
          }),
        )
        .optional(),
      toolChoice: z.looseObject({ tool: z.looseObject({ name: z.string() }).optional() }).nullish(),
    })
    .nullish(),
  additionalModelRequestFields: z.looseObject({ thinking: z.unknown().optional() }).nullish(),
});

function askedOfConverse(body: z.infer<typeof converseRequest>, model: string): Asked {
  const { messages = [], toolConfig, inferenceConfig } = body;
  const named = (toolConfig?.tools ?? []).flatMap(({ toolSpec }): AskedTool[] =>
    toolSpec === undefined ? [] : [{ name: toolSpec.name, schema: toolSpec.inputSchema?.json ?? null }],
  );
  return {
    model,
    prompt: textOf(messages.findLast(({ role }) => role === 'user')?.content),
    tools: callableTools(named, toolConfig?.toolChoice?.tool?.name ?? null),
    hasToolResults: messages.at(-1)?.content.some(({ toolResult }) => toolResult !== undefined) === true,
    wantsReasoning: (body.additionalModelRequestFields?.thinking ?? null) !== null,
    maxTokens: inferenceConfig?.maxTokens ?? null,
    stream: true,
  };
}

export const bedrock: readonly MockEndpoint[] = [
  providerEndpoint({
    group: 'Bedrock',
    path: '/bedrock/model/{modelId}/converse-stream',
    example: '/bedrock/model/mock-1/converse-stream',
    title: 'Amazon Bedrock ConverseStream: binary messages, exceptions in mid-stream.',
    exampleBody: { messages: [{ role: 'user', content: [{ text: 'What makes a good stream?' }] }] },
    body: converseRequest,
    asked: (body, { parameters }) => askedOfConverse(body, parameters.modelId ?? 'mock-1'),
    answer: (plan) => awsAnswer(plan, converseStream(plan)),
    fail,
  }),
  providerEndpoint({
    group: 'Bedrock',
    path: '/bedrock/model/{modelId}/invoke-with-response-stream',
    example: '/bedrock/model/mock-1/invoke-with-response-stream',
    title: 'Amazon Bedrock InvokeModelWithResponseStream, for the models of Anthropic.',
    exampleBody: {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 1024,
      messages: [{ role: 'user', content: 'What makes a good stream?' }],
    },
    body: anthropicRequest,
    asked: (body, call) => ({ ...askedOfMessages(body, call), model: call.parameters.modelId ?? 'mock-1' }),
    answer: (plan) => awsAnswer(plan, invokeStream(plan)),
    fail,
  }),
];
