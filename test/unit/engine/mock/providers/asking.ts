import type { MockAnswer, MockCall } from '../../../../../src/engine/mock/answer.ts';
import { findEndpoint } from '../../../../../src/engine/mock/endpoints.ts';
import { type AnswerPlan, planAnswer, type PlanKnobs } from '../../../../../src/engine/mock/providers/answerPlan.ts';
import type { Asked } from '../../../../../src/engine/mock/providers/asked.ts';
import type { ChosenBehaviour } from '../../../../../src/engine/mock/providers/behaviours.ts';

/** A call as the server hands it over. @param target path and query */
function callOf(target: string, body: unknown, headers: Readonly<Record<string, string>> = {}): MockCall {
  const [path = '', query = ''] = target.split('?');
  return {
    method: 'POST',
    path,
    parameters: findEndpoint('POST', path)?.parameters ?? {},
    query: new URLSearchParams(query),
    headers,
    authorization: null,
    lastEventId: null,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** What an endpoint answers. */
export function ask(target: string, body: unknown, headers: Readonly<Record<string, string>> = {}): MockAnswer {
  const call = callOf(target, body, headers);
  const found = findEndpoint('POST', call.path);
  if (found === undefined) throw new Error(`nothing at ${call.path}`);
  return found.endpoint.answer(call);
}

export function bytesOf(answer: MockAnswer): Uint8Array[] {
  return answer.kind === 'stream' ? Array.from(answer.steps, ({ bytes }) => bytes) : [Buffer.from(answer.text)];
}

export function textOfAnswer(answer: MockAnswer): string {
  return Buffer.concat(bytesOf(answer)).toString('utf8');
}

export function headerOf(answer: MockAnswer, wanted: string): string | undefined {
  return answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

export const plainAsked: Asked = {
  model: 'mock-1',
  prompt: 'Why?',
  tools: [],
  hasToolResults: false,
  wantsReasoning: false,
  maxTokens: null,
  stream: true,
};

export function planOf(behaviour: ChosenBehaviour, knobs: PlanKnobs, asked: Partial<Asked> = {}): AnswerPlan {
  return planAnswer(behaviour, { ...plainAsked, ...asked }, knobs);
}
