import { nearest } from '../../../shared/nearest.ts';
import { faultDefinitions } from './catalogue.ts';
import type { FaultDefinition, FaultProtocol } from './definition.ts';
import { parsePlace, placeForms, type FaultPlace } from './place.ts';

/** A fault as it was asked for. */
export interface MockFault {
  /** As it was written. */
  readonly text: string;
  readonly definition: FaultDefinition;
  readonly argument: number | string | null;
  /** Where it happens; of a fault without places `end`, which means nothing. */
  readonly place: FaultPlace;
}

export type FaultReading<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `suggestion`: what was probably meant; null: no idea. */
  | { readonly ok: false; readonly message: string; readonly suggestion: string | null };

/** Beyond it is no list that a person wrote. */
const mostFaults = 16;

/** Reads faults joined by commas: `split-characters,reset@frame:5`. They are done in the order in which they stand. */
export function parseMockFaults(text: string): FaultReading<readonly MockFault[]> {
  const faults: MockFault[] = [];
  const pieces = text.split(',');
  if (pieces.length > mostFaults) {
    return { ok: false, message: `At most ${String(mostFaults)} faults can be joined.`, suggestion: null };
  }
  for (const piece of pieces) {
    const read = parseMockFault(piece.trim());
    if (!read.ok) return read;
    faults.push(read.value);
  }
  return { ok: true, value: faults };
}

/** Reads one fault: `name[:argument][@place]`. */
export function parseMockFault(text: string): FaultReading<MockFault> {
  const [, name = '', , argumentText, , placeText] = /^([^:@]*)(:([^@]*))?(@(.*))?$/s.exec(text) ?? [];
  const definition = faultDefinitions.find((each) => each.name === name);
  if (definition === undefined) {
    const meant = nearest(
      name,
      faultDefinitions.map((each) => each.name),
    );
    return { ok: false, message: `There is no fault ${quoted(name)}.`, suggestion: meant };
  }
  const argument = readArgument(definition, argumentText);
  if (!argument.ok) return argument;
  const place = readPlace(definition, placeText);
  if (!place.ok) return place;
  return { ok: true, value: { text, definition, argument: argument.value, place: place.value } };
}

function readArgument(
  { name, argument, example }: FaultDefinition,
  text: string | undefined,
): FaultReading<number | string | null> {
  if (argument === null) {
    if (text === undefined) return { ok: true, value: null };
    return { ok: false, message: `${name} takes nothing behind a colon.`, suggestion: example };
  }
  if (text === undefined) return { ok: true, value: argument.fallback };
  const value = argument.parse(text);
  if (value !== undefined) return { ok: true, value };
  return {
    ok: false,
    message: `Behind "${name}:" stands ${argument.allowed}, not ${quoted(text)}.`,
    suggestion: example,
  };
}

function readPlace(
  { name, places, fallbackPlace, example }: FaultDefinition,
  text: string | undefined,
): FaultReading<FaultPlace> {
  if (text === undefined) return { ok: true, value: fallbackPlace ?? { kind: 'end' } };
  const place = parsePlace(text);
  if (place !== null && places.includes(place.kind)) return { ok: true, value: place };
  const takes =
    places.length === 0
      ? `${name} concerns the whole answer and takes no place`
      : `${name} takes the places ${places.map((kind) => placeForms[kind]).join(', ')}`;
  return { ok: false, message: `${takes}, not ${quoted(text)}.`, suggestion: example };
}

/** Why a fault cannot be performed over a connection, in a sentence; null: it can. */
export function impossibleOver(fault: MockFault, protocol: 'http/1.1' | 'h2', isSecure: boolean): string | null {
  const { name, protocols } = fault.definition;
  const needed = protocols.filter((each): each is Exclude<FaultProtocol, 'tls'> => each !== 'tls');
  // A bad certificate is on a port of its own, to which a plain request can be sent as well.
  if (needed.length === 0)
    return isSecure || fault.definition.places.length === 0 ? null : `${name} can only be performed over TLS.`;
  if (needed.includes(protocol)) return null;
  const names = needed.map((each) => (each === 'h2' ? 'HTTP/2' : 'HTTP/1.1'));
  return `${name} can only be performed over ${names.join(' or ')}.`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}
