import type { z } from 'zod';
import { errorAnswer, type MockAnswer, type MockCall, type MockHeader, type WholeAnswer } from '../answer.ts';
import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { choice, type KnobTable, wholeNumber } from '../knobs.ts';
import { commonKnobs, delayKnob } from '../presets/commonKnobs.ts';
import { type AnswerPlan, planAnswer, type PlanFailure } from './answerPlan.ts';
import { type Asked, readBody } from './asked.ts';
import { behaviours, chooseBehaviour, statusOf } from './behaviours.ts';
import { idSource, type IdSource } from './ids.ts';

/** Knobs of every provider; in the query, or in headers where a client has no query to set. */
const providerKnobs = {
  behaviour: choice(behaviours, 'auto', 'What the answer does. auto: what the request asks for (docs/providers.md).'),
  n: wholeNumber(1, 20_000, 80, 'How many tokens of text at most.'),
  delayMs: delayKnob(32, 'two tokens, as a median'),
  seed: commonKnobs.seed,
} as const satisfies KnobTable;

const behaviourHeader = 'x-mock-behaviour';
const knobsHeader = 'x-mock-knobs';

/** How one endpoint of a provider reads requests and says answers. */
export interface ProviderForm<Body> {
  readonly group: string;
  readonly path: string;
  readonly title: string;
  /** The path with its places filled; default: the path. */
  readonly example?: string;
  readonly exampleBody: object;
  readonly body: z.ZodType<Body>;
  asked(body: Body, call: MockCall): Asked;
  answer(plan: AnswerPlan, asked: Asked, body: Body, call: MockCall): MockAnswer;
  /** An error instead of an answer, in the provider's own shape. */
  fail(failure: PlanFailure, ids: IdSource, call: MockCall): WholeAnswer;
}

/** An endpoint that plays a provider: reads what is asked, plans the answer, and lets the form say it. */
export function providerEndpoint<Body>(form: ProviderForm<Body>): MockEndpoint {
  const { group, path, title, exampleBody, example = path } = form;
  const endpoint = defineEndpoint({
    method: 'POST',
    group,
    path,
    title,
    example,
    exampleBody,
    knobs: providerKnobs,
    takesOtherParameters: true,
    answer: ({ behaviour, ...knobs }, call) => {
      const ids = idSource(knobs.seed);
      const read = readBody(form.body, call.body);
      if (!read.ok) return form.fail({ status: 400, message: read.message }, ids, call);
      const asked = form.asked(read.value, call);
      const chosen = chooseBehaviour(behaviour, asked);
      const status = statusOf(chosen);
      if (status !== null) return form.fail({ status, message: failureMessage(status) }, ids, call);
      return form.answer(planAnswer(chosen, asked, knobs), asked, read.value, call);
    },
  });
  return { ...endpoint, answer: (call) => withHeaderKnobs(endpoint, call) };
}

/** Knobs in headers stand behind those in the query. A misspelt one is refused: it is in no real client's headers. */
function withHeaderKnobs(endpoint: MockEndpoint, call: MockCall): MockAnswer {
  const given = new URLSearchParams(call.headers[knobsHeader] ?? '');
  const behaviour = call.headers[behaviourHeader];
  if (behaviour !== undefined) given.set('behaviour', behaviour);
  const query = new URLSearchParams(call.query);
  for (const [name, value] of given) {
    if (!Object.hasOwn(providerKnobs, name)) {
      const allowed = Object.keys(providerKnobs).join(', ');
      const message = `The header ${knobsHeader} names no knob that is here. The knobs are: ${allowed}.`;
      return errorAnswer(400, 'bad-knob', message, { knob: name.slice(0, 80), allowed });
    }
    if (!call.query.has(name)) query.set(name, value);
  }
  return endpoint.answer({ ...call, query });
}

function failureMessage(status: number): string {
  switch (status) {
    case 400:
      return 'The mock was asked to find fault with this request.';
    case 401:
      return 'The mock was asked to know nobody by this key.';
    case 403:
      return 'The mock was asked to let nobody with this key in here.';
    case 404:
      return 'The mock was asked not to know this model.';
    case 429:
      return 'The mock was asked to say that you ask too often. Try again in 2 s.';
    case 500:
      return 'The mock was asked to fail.';
    default:
      return 'The mock was asked to be overloaded. Try again later.';
  }
}

/** What tells a client when to ask again; none for errors that stay. */
export function retryHeaders(status: number): readonly MockHeader[] {
  return status === 429 || status === 503 || status === 529 ? [['Retry-After', '2']] : [];
}

/** An answer in one piece, as compact JSON. */
export function compactJson(status: number, value: object, headers: readonly MockHeader[] = []): WholeAnswer {
  const type: MockHeader = ['Content-Type', 'application/json'];
  return { kind: 'whole', status, headers: [type, ...headers], text: JSON.stringify(value) };
}
