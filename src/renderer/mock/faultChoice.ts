import type { MockFaultDescription } from '../../shared/mock.ts';

/** A fault as it is chosen: what its fields hold may be nothing sensible yet. */
export interface FaultChoice {
  /** Empty: none. */
  readonly name: string;
  readonly argument: string;
  /** One of the fault's places, `frame:N`; empty: where it happens by itself. */
  readonly place: string;
  /** What stands for N. */
  readonly number: string;
}

export const noFault: FaultChoice = { name: '', argument: '', place: '', number: '' };

/** What a fault's fields hold when it is chosen: what its example says. */
export function choiceOf({ name, example, places }: MockFaultDescription): FaultChoice {
  const { argument, place } = partsOf(example);
  const number = /:(\d+)$/.exec(place)?.[1] ?? '';
  const pattern = place.replace(/:\d+$/, ':N');
  return { name, argument, place: places.includes(pattern) ? pattern : (places[0] ?? ''), number: number || '5' };
}

/** `stall:2000@frame:5` in its parts; what is not there is empty. */
function partsOf(text: string): { readonly argument: string; readonly place: string } {
  const at = text.lastIndexOf('@');
  const what = at < 0 ? text : text.slice(0, at);
  const colon = what.indexOf(':');
  return { argument: colon < 0 ? '' : what.slice(colon + 1), place: at < 0 ? '' : text.slice(at + 1) };
}

/** A fault as a request asks for it, `reset@frame:5`; null where there is none, or its number is missing. */
export function faultText({ name, argument, place, number }: FaultChoice): string | null {
  if (name === '') return null;
  const what = argument.trim() === '' ? name : `${name}:${argument.trim()}`;
  if (place === '') return what;
  if (!place.endsWith(':N')) return `${what}@${place}`;
  return isWhole(number) ? `${what}@${place.slice(0, -1)}${number.trim()}` : null;
}

/** Whether the fields of a choice can be asked for. */
export function isWholeChoice(choice: FaultChoice): boolean {
  return choice.name === '' || faultText(choice) !== null;
}

function isWhole(text: string): boolean {
  return /^\d{1,15}$/.test(text.trim());
}
