import { failed, succeeded, type Outcome } from '../../shared/failure.ts';
import { runFigures, type Objective, type RunFigure, type RunFigures } from '../../shared/runs.ts';
import { figureFacts } from './figureFacts.ts';

const microsOfUnit: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1_000, s: 1_000_000, m: 60_000_000 };
const form = /^([A-Za-z][A-Za-z0-9-]*)\s*(<=|>=|≤|≥|=)\s*(\d{1,12}(?:\.\d{1,9})?)\s*([a-zµ/]*)$/;

/**
 * Objectives as people write them: `ttft=800ms,itl=50ms,e2e=10s,tps>=30`. A time takes its unit (`us`, `ms`, `s`, `m`)
 * and is at most what is said; a rate is at least what is said; `=` stands for either. Empty text: none.
 * @returns a failure `run/invalid-objective` whose `data.position` is where the faulty part begins
 */
export function parseObjectives(text: string): Outcome<readonly Objective[]> {
  const objectives: Objective[] = [];
  let position = 0;
  if (text.trim() === '') return succeeded(objectives);
  for (const part of text.split(',')) {
    const read = objectiveOf(part.trim());
    if (typeof read === 'string') return invalid(read, position);
    const twice = objectives.some(({ figure, bound }) => figure === read.figure && bound === read.bound);
    if (twice)
      return invalid(`“${part.trim()}” says a second time what ${writtenName(read.figure)} is to be.`, position);
    objectives.push(read);
    position += part.length + 1;
  }
  return succeeded(objectives);
}

/** An objective, or what is wrong with it. */
function objectiveOf(part: string): Objective | string {
  if (part === '') return 'An objective is missing between two commas: write ttft=800ms,itl=50ms.';
  const [, name = '', sign = '', digits = '', unit = ''] = form.exec(part) ?? [];
  if (name === '') return `“${part}” is no objective: write a figure, = and a value, such as ttft=800ms or tps>=30.`;
  const figure = runFigures.find((known) => figureFacts[known].names.includes(name.toLowerCase()));
  if (figure === undefined) {
    const known = runFigures.map(writtenName).join(', ');
    return `There is no figure “${name}”. The figures are: ${known}.`;
  }
  const facts = figureFacts[figure];
  const bound = boundOf(sign, facts.better);
  if (facts.unit === 'micros') {
    const micros = microsOfUnit[unit];
    if (micros === undefined)
      return `${writtenName(figure)} is a time and wants its unit: ${name}=${digits}ms or ${name}=${digits}s, not “${part}”.`;
    if (bound === 'at-least')
      return `${writtenName(figure)} is a time, so only a largest one makes sense: ${name}=${digits}${unit}.`;
    return { figure, bound, value: Number(digits) * micros };
  }
  const isRate = facts.unit === 'per-second';
  if (unit !== '' && !(isRate && unit === '/s'))
    return `${writtenName(figure)} is a number without a unit: ${name}>=${digits}, not “${part}”.`;
  if (isRate && bound === 'at-most')
    return `${writtenName(figure)} is a rate, so only a least one makes sense: ${name}>=${digits}.`;
  return { figure, bound, value: Number(digits) };
}

function boundOf(sign: string, better: 'lower' | 'higher' | null): Objective['bound'] {
  if (sign === '<=' || sign === '≤') return 'at-most';
  if (sign === '>=' || sign === '≥') return 'at-least';
  return better === 'lower' ? 'at-most' : 'at-least';
}

function invalid(message: string, position: number): Outcome<never> {
  return failed({ code: 'run/invalid-objective', message, data: { position } });
}

function writtenName(figure: RunFigure): string {
  return figureFacts[figure].names[0] ?? figure;
}

/** As `parseObjectives` reads it: `ttft=800ms`. */
export function objectiveText({ figure, bound, value }: Objective): string {
  const sign = bound === 'at-most' && figureFacts[figure].unit === 'micros' ? '=' : bound === 'at-most' ? '<=' : '>=';
  if (figureFacts[figure].unit !== 'micros') return `${writtenName(figure)}${sign}${String(value)}`;
  const [amount, unit] = value >= 1_000_000 ? [value / 1e6, 's'] : value >= 1_000 ? [value / 1e3, 'ms'] : [value, 'us'];
  return `${writtenName(figure)}${sign}${String(amount)}${unit}`;
}

/** Whether a run's figure is as it is to be; null: the figure is not known. */
export function isMet({ figure, bound, value }: Objective, figures: RunFigures): boolean | null {
  const measured = figures[figure];
  if (measured === null) return null;
  return bound === 'at-most' ? measured <= value : measured >= value;
}
