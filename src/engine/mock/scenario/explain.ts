import { grouped } from '../../../shared/grouped.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import { durationWords } from './duration.ts';
import { breaks, faultWords, joined } from './explainWords.ts';
import type { Scenario } from './model.ts';
import { type Phrase, phrasesOf } from './phrases.ts';

/** Things that are told one by one; of more the others are counted. */
const toldAtMost = 6;

/**
 * What a scenario does, in one sentence: "Answers 200 text/event-stream: 50 events 100 ms apart, then resets the
 * connection." Knobs are at their defaults, and named.
 */
export function explain(scenario: Scenario): string {
  const phrases = phrasesOf(scenario.nodes);
  const last = phrases.at(-1);
  const told = phrases.filter(({ kind }) => kind !== 'break').map(({ words }) => words);
  const body = told.length === 0 ? ' without a body' : `: ${joined(shortened(told))}`;
  const faults = scenario.faults.map((fault) => `; ${breaks(fault) ? 'but ' : ''}${faultWords(fault)}`).join('');
  return `${headWords(scenario)}${body}${endWords(last, told.length)}${faults}.`;
}

function shortened(told: readonly string[]): readonly string[] {
  if (told.length <= toldAtMost) return told;
  return [...told.slice(0, toldAtMost - 1), `${grouped(told.length - toldAtMost + 1)} things more`];
}

function endWords(last: Phrase | undefined, told: number): string {
  if (last?.kind === 'break') return `${told > 1 ? ';' : ','} then ${last.words}`;
  if (last === undefined || last.kind === 'forever') return '';
  return `${told > 1 ? ';' : ','} then ends`;
}

function headWords({ head, headDelay }: Scenario): string {
  const type = headerValue(head.headers, 'content-type')?.split(';')[0]?.trim() ?? '';
  const details = [
    ...(head.length === null ? [] : [`announced as ${grouped(head.length)} bytes`]),
    ...(head.body === 'length' && head.length === null ? ['its length announced'] : []),
    ...(head.body === 'close' ? ['ended by closing the connection'] : []),
    ...(head.coding === null
      ? []
      : [`coded with ${head.coding.name}${head.coding.flushes ? '' : ', which holds back'}`]),
    ...(head.trailers.length === 0 ? [] : ['with trailers']),
  ];
  const detail = details.length === 0 ? '' : ` (${details.join('; ')})`;
  const silence = headDelay.reduce<number | null>(
    (sum, { usual }) => (sum === null || usual === null ? null : sum + usual),
    0,
  );
  const begin = silence === 0 ? 'Answers' : `After ${silence === null ? 'a silence' : durationWords(silence)}, answers`;
  return `${begin} ${String(head.status)}${type === '' ? '' : ` ${type}`}${detail}`;
}
