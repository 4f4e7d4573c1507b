import { type AnswerPlan, createdSeconds, type PlanFailure, type PlanPart } from './answerPlan.ts';
import { openaiError } from './openaiErrors.ts';

/** A part of the answer as an item of `output`. @param isDone false: as it is when it begins */
export function outputItem(plan: AnswerPlan, part: PlanPart, index: number, isDone: boolean): object {
  const status = isDone ? (isLastOfCut(plan, index) ? 'incomplete' : 'completed') : 'in_progress';
  const text = isDone ? part.pieces.join('') : '';
  if (part.kind === 'tool') {
    return {
      id: itemId(plan, part, index),
      type: 'function_call',
      status,
      arguments: text,
      call_id: plan.ids.id('call_', 24, part.call),
      name: part.name,
    };
  }
  if (part.kind === 'reasoning') {
    const summary = isDone ? [{ type: 'summary_text', text }] : [];
    return { id: itemId(plan, part, index), type: 'reasoning', summary };
  }
  const content = isDone ? [contentPart(part.kind, text)] : [];
  return { id: itemId(plan, part, index), type: 'message', status, content, role: 'assistant' };
}

export function contentPart(kind: 'text' | 'refusal', text: string): object {
  return kind === 'text'
    ? { type: 'output_text', annotations: [], logprobs: [], text }
    : { type: 'refusal', refusal: text };
}

export function itemId({ ids }: AnswerPlan, part: PlanPart, index: number): string {
  const prefixes = { tool: 'fc_', reasoning: 'rs_', text: 'msg_', refusal: 'msg_' } as const;
  return ids.id(prefixes[part.kind], 40, index);
}

function isLastOfCut(plan: AnswerPlan, index: number): boolean {
  return plan.ending === 'length' && index === plan.parts.length - 1;
}

/** Where a response stands. */
export type ResponseState = 'in_progress' | 'ended' | { readonly failed: PlanFailure };

type ResponseObject = { readonly status: string } & Readonly<Record<string, unknown>>;

/** The response as the first and last events, and an answer in one piece, hold it. */
export function responseObject(plan: AnswerPlan, state: ResponseState): ResponseObject {
  const isEnded = state === 'ended';
  return {
    ...fixedMembers(plan),
    status: statusOf(plan, state),
    error: typeof state === 'object' ? { code: 'server_error', message: openaiError(state.failed).message } : null,
    incomplete_details: isEnded ? incompleteOf(plan) : null,
    output: isEnded ? plan.parts.map((part, index) => outputItem(plan, part, index, true)) : [],
    usage: isEnded ? usageOf(plan) : null,
  };
}

function statusOf(plan: AnswerPlan, state: ResponseState): string {
  if (state === 'in_progress') return state;
  if (state !== 'ended') return 'failed';
  return incompleteOf(plan) === null ? 'completed' : 'incomplete';
}

function incompleteOf({ ending }: AnswerPlan): { readonly reason: string } | null {
  if (ending === 'length') return { reason: 'max_output_tokens' };
  return ending === 'filter' ? { reason: 'content_filter' } : null;
}

function usageOf({ usage: { input, output, reasoning } }: AnswerPlan) {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning },
    total_tokens: input + output,
  };
}

function fixedMembers(plan: AnswerPlan) {
  return {
    id: plan.ids.id('resp_', 40),
    object: 'response',
    created_at: createdSeconds,
    model: plan.model,
    background: false,
    instructions: null,
    max_output_tokens: null,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: 1,
    text: { format: { type: 'text' }, verbosity: 'medium' },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    user: null,
    metadata: {},
  };
}
