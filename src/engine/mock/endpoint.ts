import type { MockEndpoint as DescribedEndpoint } from '../../shared/mock.ts';
import { errorAnswer, type MockAnswer, type MockCall } from './answer.ts';
import { type BodyPlaces, readBodyObject, readKnobsWithBody } from './bodyKnobs.ts';
import { allowedValues, choice, type KnobTable, type KnobValues, readKnobs } from './knobs.ts';

/** An endpoint with what it answers. `path` may have places such as `{name}`, which take one or more characters but `/`. */
export interface MockEndpoint extends DescribedEndpoint {
  readonly method: 'GET' | 'POST';
  /** What stands at the path's places, percent-decoded; null where the path is another. */
  readonly match: (path: string) => Readonly<Record<string, string>> | null;
  readonly answer: (call: MockCall) => MockAnswer;
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
  readonly group: string;
  /** A JSON request body worth trying at once; absent: none is wanted. */
  readonly exampleBody?: object;
  readonly knobs: Table;
  /**
   * Knobs are looked for in the JSON body as well, at its top under their own names, and where this table says. Absent:
   * the body is the endpoint's own.
   */
  readonly bodyPlaces?: BodyPlaces;
  /** Parameters that are no knobs are left alone, because real clients send some. */
  readonly takesOtherParameters?: true;
  answer(values: KnobValues<Table>, call: MockCall): MockAnswer;
}

/**
 * Puts what every endpoint shares before its own answer: knobs are read, then the door is checked where there is a knob
 * for it (`authKnob`, by the name of `auth`).
 */
export function defineEndpoint<Table extends KnobTable>(definition: EndpointDefinition<Table>): MockEndpoint {
  const { method, path, title, example, group, exampleBody, knobs } = definition;
  const match = pathMatcher(path);
  return {
    method,
    path,
    title,
    example,
    group,
    exampleBody: exampleBody === undefined ? null : JSON.stringify(exampleBody, null, 2),
    match,
    knobs: Object.entries(knobs).map(([name, knob]) => ({
      name,
      allowed: allowedValues(knob),
      fallback: typeof knob.fallback === 'boolean' ? String(knob.fallback) : knob.fallback,
      sentence: knob.sentence,
    })),
    answer: (call) => {
      const takesOthers = definition.takesOtherParameters === true;
      let read = readKnobs(knobs, call.query, takesOthers);
      if (read.ok && definition.bodyPlaces !== undefined) {
        const body = readBodyObject(call.body);
        if (!body.ok) return errorAnswer(400, 'bad-request', body.message);
        read = readKnobsWithBody(knobs, read.values, body.object, definition.bodyPlaces, takesOthers);
      }
      if (!read.ok) {
        const { message, ...data } = read.problem;
        return errorAnswer(400, 'bad-knob', message, data);
      }
      if (knobs.auth === authKnob && read.values.auth === 'bearer' && !hasBearerToken(call.authorization))
        return unauthorized(path);
      return definition.answer(read.values, call);
    },
  };
}

/** Matches paths against one with places such as `{name}`. */
function pathMatcher(path: string): MockEndpoint['match'] {
  const names: string[] = [];
  const pieces = path.split(/\{(\w+)\}/);
  const source = pieces.map((piece, i) => {
    if (i % 2 === 0) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(piece);
    return '([^/]+)';
  });
  const pattern = new RegExp(`^${source.join('')}$`);
  return (asked) => {
    const found = pattern.exec(asked);
    if (found === null) return null;
    try {
      return Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1] ?? '')]));
    } catch {
      return null;
    }
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
