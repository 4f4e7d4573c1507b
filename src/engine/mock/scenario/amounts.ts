import { scenarioLimits } from '../../../shared/scenario.ts';
import type { MockCall } from '../answer.ts';
import { seededRandom } from '../random.ts';
import { parseDuration } from './duration.ts';
import { numberOf, textOf } from './expression.ts';
import type { Amount } from './amount.ts';
import { compileText, hasPlaces } from './template.ts';
import type { TemplateScope, TemplateValue } from './templateFunctions.ts';

/** Names that are known where an amount stands, with what they are without a request; null: a counter. */
export type KnownNames = ReadonlyMap<string, TemplateValue>;

export type Complain = (message: string, suggestion: string | null) => void;

export const nothing: Amount = constantAmount(0);

export function constantAmount(value: number): Amount {
  return { usual: value, knob: null, of: () => value };
}

/** A time: a number of milliseconds, or text with its unit, or with places. */
export function durationAmount(value: number | string, names: KnownNames, complain: Complain): Amount {
  if (typeof value === 'number') return constantAmount(value);
  if (!hasPlaces(value)) {
    const millis = parseDuration(value);
    if (millis === null) complain(`${JSON.stringify(value)} is no time: write 100ms, 1.5s or 2min.`, '100ms');
    else if (millis > scenarioLimits.waitMillis) complain(`${value} is too long: a day is the most.`, null);
    return constantAmount(millis ?? 0);
  }
  return templateAmount(value, names, complain, (made) => {
    const millis = typeof made === 'number' ? made : (parseDuration(textOf(made)) ?? 0);
    return Math.min(scenarioLimits.waitMillis, Math.max(0, millis));
  });
}

/** A whole number: as it stands, or text that is one place. */
export function numberAmount(
  value: number | string,
  { least, most }: { readonly least: number; readonly most: number },
  names: KnownNames,
  complain: Complain,
): Amount {
  const within = (number: number): number => Math.min(most, Math.max(least, Math.floor(number)));
  if (typeof value === 'number') return constantAmount(within(value));
  if (!hasPlaces(value)) {
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) complain(`${JSON.stringify(value)} is no whole number.`, null);
    return constantAmount(Number.isNaN(number) ? least : within(number));
  }
  return templateAmount(value, names, complain, (made) => within(numberOf(made)));
}

function templateAmount(
  text: string,
  names: KnownNames,
  complain: Complain,
  amount: (made: TemplateValue) => number,
): Amount {
  const template = compileText(text, [...names.keys()], complain);
  const [, knob = null] = /^\{\{\s*(\w+)\s*\}\}\s*\w*$/.exec(text) ?? [];
  const counters = [...names].filter(([, value]) => value === null).map(([name]) => name);
  const isKnown = !new RegExp(String.raw`[(]|\b(?:${[...counters, '\0'].join('|')})\b`).test(text);
  const usual = isKnown || knob !== null ? amount(template(usualScope(names))) : null;
  return {
    usual: knob !== null && counters.includes(knob) ? null : usual,
    knob: knob !== null && names.get(knob) !== null ? knob : null,
    of: (scope) => amount(template(scope)),
  };
}

/** A request that says nothing. */
export const emptyCall: MockCall = {
  method: 'GET',
  path: '/',
  parameters: {},
  query: new URLSearchParams(),
  headers: {},
  authorization: null,
  lastEventId: null,
  body: '',
};

function usualScope(names: KnownNames): TemplateScope {
  return {
    call: emptyCall,
    random: seededRandom(1),
    nowMillis: 0,
    elapsedMillis: 0,
    valueOf: (name) => names.get(name) ?? 0,
    count: () => 1,
  };
}
