import { readJsonKnob, type KnobReading, type KnobTable, type KnobValues, unknownKnob, wrongValue } from './knobs.ts';

/** Where knobs stand in a body besides at its top: path with dots → name of the knob, `streamOptions.delay` → `delayMs`. */
export type BodyPlaces = Readonly<Record<string, string>>;

type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that a body is; an empty body counts as an empty one. */
export function readBodyObject(
  body: string,
): { readonly ok: true; readonly object: JsonObject } | { readonly ok: false; readonly message: string } {
  if (body.trim() === '') return { ok: true, object: {} };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, message: 'The request body is not JSON.' };
  }
  if (!isObject(json))
    return { ok: false, message: 'The request body is JSON, but no object: send {"name": value, …}.' };
  return { ok: true, object: json };
}

/**
 * Knobs of a JSON body over those that were read already. A name that is no knob is refused, as in a query string.
 * @param takesOthers names outside the table are left alone
 */
export function readKnobsWithBody<Table extends KnobTable>(
  table: Table,
  before: KnobValues<Table>,
  body: JsonObject,
  places: BodyPlaces,
  takesOthers: boolean,
): KnobReading<Table> {
  const values: Record<string, unknown> = { ...before };
  for (const [place, value] of leaves(body, places)) {
    const name = Object.hasOwn(places, place) ? (places[place] ?? place) : place;
    const knob = Object.hasOwn(table, name) ? table[name] : undefined;
    if (knob === undefined && takesOthers) continue;
    const shown = JSON.stringify(value);
    if (knob === undefined) {
      const problem = unknownKnob(table, place, shown);
      const elsewhere = Object.keys(places);
      const hint = elsewhere.length === 0 ? '' : ` In the body also: ${elsewhere.join(', ')}.`;
      return { ok: false, problem: { ...problem, message: problem.message + hint } };
    }
    const read = readJsonKnob(knob, value);
    if (read === undefined) return { ok: false, problem: wrongValue(knob, place, shown) };
    values[name] = read;
  }
  return { ok: true, values: values as KnobValues<Table> };
}

/** The members of a body; instead of an object that has places in it, its members by their path. */
function* leaves(body: JsonObject, places: BodyPlaces): Generator<readonly [string, unknown], void, undefined> {
  for (const [key, value] of Object.entries(body)) {
    if (isObject(value) && Object.keys(places).some((place) => place.startsWith(`${key}.`))) {
      for (const [inner, leaf] of Object.entries(value)) yield [`${key}.${inner}`, leaf];
    } else {
      yield [key, value];
    }
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
