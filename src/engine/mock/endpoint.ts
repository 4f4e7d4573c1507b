import { errorAnswer, type MockAnswer, type MockCall } from './answer.ts';
import { allowedValues, choice, type KnobTable, type KnobValues, readKnobs } from './knobs.ts';

export interface KnobDescription {
  readonly name: string;
  readonly allowed: string;
  readonly fallback: string | number;
  readonly sentence: string;
}

/** An endpoint as lists of endpoints show it. */
export interface EndpointDescription {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What it does, in one sentence. */
  readonly title: string;
  /** A path with query worth trying at once. */
  readonly example: string;
  readonly knobs: readonly KnobDescription[];
}

export interface MockEndpoint extends EndpointDescription {
  answer(call: MockCall): MockAnswer;
}

export const authKnob = choice(
  ['none', 'bearer'],
  'none',
  'bearer: answers 401 unless the request carries "Authorization: Bearer" with any token.',
);

interface EndpointDefinition<Table extends KnobTable> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly title: string;
  readonly example: string;
  readonly knobs: Table;
  answer(values: KnobValues<Table>, call: MockCall): MockAnswer;
}

/** Puts what every endpoint shares before its own answer: knobs are read, then the door is checked. */
export function defineEndpoint<Table extends KnobTable & { readonly auth: typeof authKnob }>(
  definition: EndpointDefinition<Table>,
): MockEndpoint {
  const { method, path, title, example, knobs } = definition;
  return {
    method,
    path,
    title,
    example,
    knobs: Object.entries(knobs).map(([name, knob]) => ({
      name,
      allowed: allowedValues(knob),
      fallback: knob.fallback,
      sentence: knob.sentence,
    })),
    answer: (call) => {
      const read = readKnobs(knobs, call.query);
      if (!read.ok) {
        const { message, ...data } = read.problem;
        return errorAnswer(400, 'bad-knob', message, data);
      }
      if (read.values.auth === 'bearer' && !hasBearerToken(call.authorization)) return unauthorized(path);
      return definition.answer(read.values, call);
    },
  };
}

/** RFC 6750 §2.1: the scheme's name in any case, one space, a non-empty token. */
function hasBearerToken(authorization: string | null): boolean {
  return authorization !== null && /^bearer +[\w\-.~+/]+=*$/i.test(authorization);
}

function unauthorized(path: string): MockAnswer {
  return errorAnswer(
    401,
    'unauthorized',
    `${path} was asked for with auth=bearer: send the header "Authorization: Bearer <any token>", or leave auth out.`,
    {},
    [['WWW-Authenticate', 'Bearer realm="streamscope-mock"']],
  );
}
