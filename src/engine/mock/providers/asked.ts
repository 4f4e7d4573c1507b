import { z } from 'zod';

/** A function that the model may call. */
export interface AskedTool {
  readonly name: string;
  /** JSON Schema of its arguments, as it was sent; null without one. */
  readonly schema: unknown;
}

/** What a request to any provider says that changes the answer; everything else is accepted and ignored. */
export interface Asked {
  readonly model: string;
  /** Text of the last message of the user; empty where there is none. */
  readonly prompt: string;
  /** That may be called, the one that must be first. */
  readonly tools: readonly AskedTool[];
  /** The last message brings the results of tools. */
  readonly hasToolResults: boolean;
  readonly wantsReasoning: boolean;
  /** Of output; null: no limit. */
  readonly maxTokens: number | null;
  readonly stream: boolean;
}

/** The JSON object that a POST carries. An empty body is an empty object. */
export function readBody<Output>(
  schema: z.ZodType<Output>,
  body: string,
): { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly message: string } {
  let json: unknown;
  try {
    json = body.trim() === '' ? {} : JSON.parse(body);
  } catch {
    return { ok: false, message: 'The request body is not JSON.' };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'The request body' : `"${issue.path.join('.')}"`;
  return { ok: false, message: `${place} is not what is expected there: ${issue?.message ?? 'unknown shape'}` };
}

export const modelName = z.string().min(1).max(200);
export const tokenLimit = z.number().int().min(1).nullish();

/** Content of a message: a text, or a list of parts of which the texts count. */
export const contentSchema = z
  .union([z.string(), z.array(z.union([z.string(), z.looseObject({ text: z.unknown().optional() })]))])
  .nullish();

export function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === 'string') return content;
  return (content ?? [])
    .map((part) => (typeof part === 'string' ? part : typeof part.text === 'string' ? part.text : ''))
    .join('');
}

/** The tools that may be called. @param wanted name of the one that must be; null: the model is free */
export function callableTools(tools: readonly AskedTool[], wanted: string | null): readonly AskedTool[] {
  if (wanted === null) return tools;
  return [...tools].sort((a, b) => Number(b.name === wanted) - Number(a.name === wanted));
}
