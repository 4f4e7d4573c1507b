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

interface FlagKnob {
  readonly kind: 'flag';
  readonly sentence: string;
  readonly fallback: boolean;
}

/** One adjustable of an endpoint, set in the query string, or in a JSON body where the endpoint takes one. */
export type Knob = NumberKnob | ChoiceKnob | TextKnob | FlagKnob;

export type KnobTable = Readonly<Record<string, Knob>>;

export type KnobValues<Table extends KnobTable> = {
  readonly [Name in keyof Table]: Table[Name] extends NumberKnob
    ? number
    : Table[Name] extends ChoiceKnob<infer Choice>
      ? Choice
      : Table[Name] extends FlagKnob
        ? boolean
        : string;
};

/** What reading knobs comes to. */
export type KnobReading<Table extends KnobTable> =
  { readonly ok: true; readonly values: KnobValues<Table> } | { readonly ok: false; readonly problem: KnobProblem };

/** Why knobs cannot be honoured: data for the 400 answer. */
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

export function flag(fallback: boolean, sentence: string): FlagKnob {
  return { kind: 'flag', fallback, sentence };
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
    case 'flag':
      return 'true or false';
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
): KnobReading<Table> {
  const values: Record<string, string | number | boolean> = {};
  for (const [name, knob] of Object.entries(table)) values[name] = knob.fallback;
  for (const [name, text] of query) {
    const knob = Object.hasOwn(table, name) ? table[name] : undefined;
    if (knob === undefined && takesOthers) continue;
    if (knob === undefined) return { ok: false, problem: unknownKnob(table, name, text) };
    const value = readKnob(knob, text);
    if (value === undefined) return { ok: false, problem: wrongValue(knob, name, text) };
    values[name] = value;
  }
  return { ok: true, values: values as KnobValues<Table> };
}

/** @param shown the value, as it was written */
export function unknownKnob(table: KnobTable, name: string, shown: string): KnobProblem {
  const allowed = Object.keys(table).join(', ');
  const message = `There is no knob "${clip(name)}" here. The knobs are: ${allowed}.`;
  return { knob: clip(name), value: clip(shown), allowed, message };
}

/** @param shown the value, as it was written */
export function wrongValue(knob: Knob, name: string, shown: string): KnobProblem {
  const allowed = allowedValues(knob);
  return { knob: name, value: clip(shown), allowed, message: `"${name}" takes ${allowed}, not "${clip(shown)}".` };
}

function readKnob(knob: Knob, text: string): string | number | boolean | undefined {
  switch (knob.kind) {
    case 'number': {
      if (!/^\d{1,15}(\.\d{1,6})?$/.test(text)) return undefined;
      return isTaken(knob, Number(text)) ? Number(text) : undefined;
    }
    case 'choice':
      return knob.choices.includes(text) ? text : undefined;
    case 'text':
      return text.length <= knob.maxLength ? text : undefined;
    case 'flag':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
    default:
      return assertNever(knob, 'knob');
  }
}

/** A knob's value in JSON, where numbers are numbers and flags are booleans. */
export function readJsonKnob(knob: Knob, value: unknown): string | number | boolean | undefined {
  switch (knob.kind) {
    case 'number':
      return typeof value === 'number' && isTaken(knob, value) ? value : undefined;
    case 'flag':
      return typeof value === 'boolean' ? value : undefined;
    case 'choice':
    case 'text':
      return typeof value === 'string' ? readKnob(knob, value) : undefined;
    default:
      return assertNever(knob, 'knob');
  }
}

function isTaken({ whole, min, max }: NumberKnob, value: number): boolean {
  return (!whole || Number.isInteger(value)) && value >= min && value <= max;
}

const quotedLimit = 80;

function clip(text: string): string {
  return text.length <= quotedLimit ? text : `${text.slice(0, quotedLimit)}…`;
}
