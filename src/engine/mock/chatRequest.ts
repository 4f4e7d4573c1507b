import { z } from 'zod';

/** The parts of an OpenAI chat request that change what the mock answers; everything else is accepted and ignored. */
const chatRequestSchema = z.looseObject({
  model: z.string().min(1).max(200).optional(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: z
          .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
          .nullish(),
      }),
    )
    .optional(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
});

export interface ChatRequest {
  readonly model: string;
  /** Text of the last user message; empty when there is none. */
  readonly prompt: string;
  readonly stream: boolean;
  /** A last chunk with the usage. Sent unless the request turns it off, so that the first look shows token counts. */
  readonly includeUsage: boolean;
  readonly maxTokens: number | null;
}

const mockModel = 'mock-chat-1';

/** The request of a GET, where all there is to say is the prompt. */
export function promptRequest(prompt: string): ChatRequest {
  return { model: mockModel, prompt, stream: true, includeUsage: true, maxTokens: null };
}

/** Reads the body of a POST. A missing body counts as an empty object that asks for a stream. */
export function readChatRequest(
  body: string,
): { readonly ok: true; readonly request: ChatRequest } | { readonly ok: false; readonly message: string } {
  if (body.trim() === '') return { ok: true, request: promptRequest('') };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, message: 'The request body is not JSON.' };
  }
  const parsed = chatRequestSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue === undefined || issue.path.length === 0 ? 'the request body' : `"${issue.path.join('.')}"`;
    return {
      ok: false,
      message: `${place} is not what a chat request has there: ${issue?.message ?? 'unknown shape'}`,
    };
  }
  const { model, messages, stream, stream_options, max_tokens, max_completion_tokens } = parsed.data;
  const content = messages?.findLast((message) => message.role === 'user')?.content ?? '';
  return {
    ok: true,
    request: {
      model: model ?? mockModel,
      prompt: typeof content === 'string' ? content : content.map((part) => part.text ?? '').join(''),
      stream: stream ?? false,
      includeUsage: stream_options?.include_usage ?? true,
      maxTokens: max_completion_tokens ?? max_tokens ?? null,
    },
  };
}
