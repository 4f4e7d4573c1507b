import { scenarioLimits } from '../../../shared/scenario.ts';
import type { MockCall } from '../answer.ts';
import type { SeededRandom } from '../random.ts';

export type TemplateValue =
  string | number | boolean | null | readonly TemplateValue[] | { readonly [key: string]: TemplateValue };

/** What a template knows where it is filled in. */
export interface TemplateScope {
  readonly call: MockCall;
  readonly random: SeededRandom;
  /** The scenario's own clock, in milliseconds since 1970: where it starts, and how far its schedule has come. */
  readonly nowMillis: number;
  readonly elapsedMillis: number;
  /** A counter or a knob. */
  valueOf(name: string): TemplateValue;
  /** 1 the first time for a name, then 2, … */
  count(name: string): number;
}

interface TemplateFunction {
  /** As it is written, for messages and documentation. */
  readonly form: string;
  readonly sentence: string;
  readonly least: number;
  readonly most: number;
  run(scope: TemplateScope, given: readonly TemplateValue[]): TemplateValue;
}

const words = [
  'stream', 'river', 'bucket', 'chunk', 'frame', 'token', 'signal', 'gap', 'pulse', 'border', 'latency', 'buffer',
  'reader', 'writer', 'harbour', 'lantern', 'meadow', 'copper', 'naïve', 'café', 'Zürich', 'São', 'façade', 'œuvre',
  'Ærø', 'Łódź', 'привет', 'поток', '東京', '川', '流れ', 'ñandú', '🌊', '🧩', '👩‍🚀', 'quiet', 'steady', 'sudden', 'late', 'early',
] as const; // prettier-ignore

const alphabet = '0123456789abcdef';
/** What one call may make. */
const wordsAtMost = 10_000;

const text = (value: TemplateValue | undefined, fallback = ''): string => {
  if (value === undefined || value === null) return fallback;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
const number = (value: TemplateValue | undefined, fallback = 0): number => {
  const read = value === undefined || value === '' ? Number.NaN : Number(text(value, 'none'));
  return Number.isFinite(read) ? read : fallback;
};

function hex(random: SeededRandom, length: number): string {
  let made = '';
  for (let i = 0; i < length; i++) made += alphabet[random.below(16)] ?? '0';
  return made;
}

function between(random: SeededRandom, a: number, b: number): number {
  const from = Math.ceil(Math.min(a, b));
  const to = Math.floor(Math.max(a, b));
  return from + random.below(Math.max(1, to - from + 1));
}

const define = (
  form: string,
  sentence: string,
  least: number,
  most: number,
  run: TemplateFunction['run'],
): TemplateFunction => ({ form, sentence, least, most, run });

/** Everything that a template can call. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = Object.freeze({
  int: define('int(1, 100)', 'A random whole number, both ends included.', 2, 2, ({ random }, [a, b]) =>
    between(random, number(a), number(b)),
  ),
  decimal: define(
    'decimal(0, 1, 2)',
    'A random number with so many digits behind the point (2 without).',
    2,
    3,
    ({ random }, [a, b, digits]) => {
      const factor = 10 ** Math.min(9, Math.max(0, Math.floor(number(digits, 2))));
      return between(random, number(a) * factor, number(b) * factor) / factor;
    },
  ),
  pick: define("pick('a', 'b')", 'One of these.', 1, 64, ({ random }, given) => random.pick(given)),
  word: define('word()', 'A random word; some are not ASCII.', 0, 0, ({ random }) => random.pick(words)),
  words: define('words(12)', 'So many random words with spaces between them.', 1, 1, ({ random }, [count]) => {
    const made = Math.min(wordsAtMost, Math.max(0, Math.floor(number(count))));
    return Array.from({ length: made }, () => random.pick(words)).join(' ');
  }),
  hex: define('hex(24)', 'So many random hexadecimal digits.', 1, 1, ({ random }, [length]) =>
    hex(random, Math.min(4_096, Math.max(0, Math.floor(number(length))))),
  ),
  uuid: define('uuid()', 'A random UUID (version 4).', 0, 0, ({ random }) => {
    const variant = '89ab'[random.below(4)] ?? '8';
    return `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-${variant}${hex(random, 3)}-${hex(random, 12)}`;
  }),
  count: define("count('orders')", 'A counter by name: 1 the first time, then 2, …', 1, 1, (scope, [name]) =>
    scope.count(text(name)),
  ),
  time: define('time()', 'The time of the scenario’s own clock, as 2026-01-01T00:00:00.000Z.', 0, 0, ({ nowMillis }) =>
    new Date(nowMillis).toISOString(),
  ),
  epoch: define('epoch()', 'The same in whole seconds since 1970.', 0, 0, ({ nowMillis }) =>
    Math.floor(nowMillis / 1_000),
  ),
  millis: define('millis()', 'The same in whole milliseconds since 1970.', 0, 0, ({ nowMillis }) =>
    Math.floor(nowMillis),
  ),
  elapsed: define('elapsed()', 'Whole milliseconds since the answer began.', 0, 0, ({ elapsedMillis }) =>
    Math.floor(elapsedMillis),
  ),
  query: define(
    "query('q', 'none')",
    'A parameter of the query, or what is said without it.',
    1,
    2,
    ({ call }, [name, fallback]) => call.query.get(text(name)) ?? text(fallback),
  ),
  parameter: define(
    "parameter('id')",
    'What stands at a place of the path, such as /users/{id}.',
    1,
    2,
    ({ call }, [name, fallback]) => own(call.parameters, text(name)) ?? text(fallback),
  ),
  header: define(
    "header('user-agent')",
    'A header of the request, or what is said without it.',
    1,
    2,
    ({ call }, [name, fallback]) => own(call.headers, text(name).toLowerCase()) ?? text(fallback),
  ),
  body: define(
    "body('messages.0.content')",
    'What stands in the JSON body of the request, or the second value.',
    0,
    2,
    ({ call }, [path, fallback]) => inBody(call.body, text(path)) ?? fallback ?? '',
  ),
  prompt: define(
    'prompt()',
    'What was asked: the last message, prompt or input of the body, or ?prompt=.',
    0,
    1,
    ({ call }, [fallback]) => promptOf(call) ?? fallback ?? '',
  ),
  lastEventId: define(
    'lastEventId(0)',
    'Last-Event-ID of the request, a number where it is one.',
    0,
    1,
    ({ call }, [fallback]) => {
      const given = call.lastEventId;
      if (given === null || given === '') return fallback ?? '';
      return /^\d{1,15}$/.test(given) ? Number(given) : given;
    },
  ),
  number: define(
    "number(query('page'), 1)",
    'Text as a number, or the second value where it is none.',
    1,
    2,
    (_scope, [value, fallback]) => number(value, number(fallback)),
  ),
  min: define('min(a, b)', 'The least of them.', 1, 64, (_scope, given) =>
    Math.min(...given.map((each) => number(each))),
  ),
  max: define('max(a, b)', 'The greatest of them.', 1, 64, (_scope, given) =>
    Math.max(...given.map((each) => number(each))),
  ),
  floor: define('floor(a)', 'Rounded down.', 1, 1, (_scope, [value]) => Math.floor(number(value))),
  round: define(
    'round(a, 2)',
    'Rounded to so many digits behind the point (0 without).',
    1,
    2,
    (_scope, [a, digits]) => {
      const factor = 10 ** Math.min(9, Math.max(0, Math.floor(number(digits))));
      return Math.round(number(a) * factor) / factor;
    },
  ),
  repeat: define("repeat('ab', 3)", 'Text so many times.', 2, 2, (_scope, [piece, times]) => {
    const unit = text(piece);
    const most = Math.floor(scenarioLimits.sendBytes / 4 / Math.max(1, unit.length));
    return unit.repeat(Math.min(most, Math.max(0, Math.floor(number(times)))));
  }),
  slice: define(
    'slice(prompt(), 0, 60)',
    'Characters from the first to before the second number, from 0.',
    2,
    3,
    (_scope, [value, from, to]) =>
      Array.from(text(value))
        .slice(number(from), to === undefined ? undefined : number(to))
        .join(''),
  ),
  json: define('json(value)', 'The value as JSON, text in quotes.', 1, 1, (_scope, [value]) =>
    JSON.stringify(value ?? null),
  ),
});

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function parsed(body: string): TemplateValue | undefined {
  try {
    return JSON.parse(body) as TemplateValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What stands at `a.0.b` in a JSON text; undefined: nothing. */
function inBody(body: string, path: string): TemplateValue | undefined {
  let at = parsed(body);
  for (const step of path === '' ? [] : path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Readonly<Record<string, TemplateValue>>)[step];
  }
  return at;
}

function promptOf({ body, query }: MockCall): TemplateValue | undefined {
  const messages = inBody(body, 'messages');
  const last = Array.isArray(messages) ? String(messages.length - 1) : '0';
  return (
    inBody(body, `messages.${last}.content`) ??
    inBody(body, 'prompt') ??
    inBody(body, 'message') ??
    inBody(body, 'input') ??
    query.get('prompt') ??
    undefined
  );
}
