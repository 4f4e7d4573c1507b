import { assertNever } from '../../shared/assertNever.ts';
import { grouped } from '../../shared/grouped.ts';

interface NumberKnob {
  readonly kind: 'number';
  readonly sentence: string;
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

interface ChoiceKnob<Choice extends string = string> {
  readonly kind: 'choice';
  readonly sentence: string;
  readonly choices: readonly Choice[];
  readonly fallback: Choice;
}

interface TextKnob {
  readonly kind: 'text';
  readonly sentence: string;
  /** In UTF-16 code units. */
  readonly maxLength: number;
  readonly fallback: string;
}

/** One adjustable of an endpoint, set in the query string. */
export type Knob = NumberKnob | ChoiceKnob | TextKnob;

export type KnobTable = Readonly<Record<string, Knob>>;

export type KnobValues<Table extends KnobTable> = {
  readonly [Name in keyof Table]: Table[Name] extends NumberKnob
    ? number
    : Table[Name] extends ChoiceKnob<infer Choice>
      ? Choice
      : string;
};

/** Why a query string cannot be honoured: data for the 400 answer. */
export interface KnobProblem {
  readonly knob: string;
  readonly value: string;
  readonly allowed: string;
  readonly message: string;
}

export function wholeNumber(min: number, max: number, fallback: number, sentence: string): NumberKnob {
  return { kind: 'number', whole: true, min, max, fallback, sentence };
}

export function decimalNumber(min: number, max: number, fallback: number, sentence: string): NumberKnob {
  return { kind: 'number', whole: false, min, max, fallback, sentence };
}

export function choice<Choice extends string>(
  choices: readonly Choice[],
  fallback: NoInfer<Choice>,
  sentence: string,
): ChoiceKnob<Choice> {
  return { kind: 'choice', choices, fallback, sentence };
}

export function freeText(maxLength: number, fallback: string, sentence: string): TextKnob {
  return { kind: 'text', maxLength, fallback, sentence };
}

/** What a knob takes, in words. */
export function allowedValues(knob: Knob): string {
  switch (knob.kind) {
    case 'number':
      return `${knob.whole ? 'a whole number' : 'a number'} from ${grouped(knob.min)} to ${grouped(knob.max)}`;
    case 'choice':
      return knob.choices.join(' or ');
    case 'text':
      return `text of at most ${grouped(knob.maxLength)} characters`;
    default:
      return assertNever(knob, 'knob');
  }
}

/**
 * Reads every knob of a table from a query string. A name outside the table is refused as well: a misspelt knob that
 * is silently ignored makes people debug the wrong stream.
 * @param takesOthers names outside the table are left alone: clients of real services send some
 */
export function readKnobs<Table extends KnobTable>(
  table: Table,
  query: URLSearchParams,
  takesOthers = false,
): { readonly ok: true; readonly values: KnobValues<Table> } | { readonly ok: false; readonly problem: KnobProblem } {
  const values: Record<string, string | number> = {};
  for (const [name, knob] of Object.entries(table)) values[name] = knob.fallback;
  for (const [name, text] of query) {
    const knob = Object.hasOwn(table, name) ? table[name] : undefined;
    if (knob === undefined && takesOthers) continue;
    if (knob === undefined) {
      const allowed = Object.keys(table).join(', ');
      const message = `There is no knob "${clip(name)}" here. The knobs are: ${allowed}.`;
      return { ok: false, problem: { knob: clip(name), value: clip(text), allowed, message } };
    }
    const value = readKnob(knob, text);
    if (value === undefined) {
      const allowed = allowedValues(knob);
      const message = `"${name}" takes ${allowed}, not "${clip(text)}".`;
      return { ok: false, problem: { knob: name, value: clip(text), allowed, message } };
    }
    values[name] = value;
  }
  return { ok: true, values: values as KnobValues<Table> };
}

function readKnob(knob: Knob, text: string): string | number | undefined {
  switch (knob.kind) {
    case 'number': {
      if (!/^\d{1,15}(\.\d{1,6})?$/.test(text)) return undefined;
      const value = Number(text);
      return (knob.whole && !Number.isInteger(value)) || value < knob.min || value > knob.max ? undefined : value;
    }
    case 'choice':
      return knob.choices.includes(text) ? text : undefined;
    case 'text':
      return text.length <= knob.maxLength ? text : undefined;
    default:
      return assertNever(knob, 'knob');
  }
}

const quotedLimit = 80;

function clip(text: string): string {
  return text.length <= quotedLimit ? text : `${text.slice(0, quotedLimit)}…`;
}
