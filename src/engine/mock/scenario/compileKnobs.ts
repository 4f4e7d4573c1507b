import type { KnobDocument } from '../../../shared/scenario.ts';
import { choice, decimalNumber, freeText, type Knob, type KnobTable, wholeNumber } from '../knobs.ts';
import type { DocumentPath } from './sourceText.ts';

type Complain = (path: DocumentPath, message: string) => void;

const mostWithoutMax = 10_000_000;
const longestText = 4_000;
const reserved = new Set(['seed', 'fault', 'auth']);

/** The knobs that a scenario declares, and `seed`, which every one has. */
export function compileKnobs(
  documents: Readonly<Record<string, KnobDocument>>,
  seed: number,
  complain: Complain,
): KnobTable {
  const table: Record<string, Knob> = {
    seed: wholeNumber(0, 0xffff_ffff, seed, 'The same seed gives the same bytes at the same times.'),
  };
  for (const [name, document] of Object.entries(documents)) {
    if (reserved.has(name)) complain([name], `The mock server has a knob "${name}" of its own.`);
    else table[name] = knobOf(document, (path, message) => complain([name, ...path], message));
  }
  return table;
}

function knobOf(document: KnobDocument, complain: Complain): Knob {
  const full = typeof document === 'object' ? document : { default: document };
  const { default: fallback, min, max, choices, about = 'A knob of the scenario.' } = full;
  if (typeof fallback === 'string') {
    if (min !== undefined || max !== undefined) complain([], 'min and max are for numbers.');
    if (choices === undefined) return freeText(longestText, fallback, about);
    if (!choices.includes(fallback)) complain(['default'], `The default is one of ${choices.join(', ')}.`);
    return choice(choices, fallback, about);
  }
  if (choices !== undefined) complain(['choices'], 'choices are for text.');
  const least = Math.max(0, min ?? 0);
  const most = max ?? Math.max(mostWithoutMax, fallback);
  if (fallback < least || fallback > most) {
    complain(['default'], `The default is a number from ${String(least)} to ${String(most)}.`);
  }
  const isWhole = [fallback, least, most].every(Number.isInteger);
  return (isWhole ? wholeNumber : decimalNumber)(least, most, fallback, about);
}
