import type { Delta } from '../../../engine/dialects/delta.ts';
import { grouped } from '../../../shared/grouped.ts';
import { assertNever } from '../../../shared/assertNever.ts';
import { safeForTerminal, type Palette } from './terminal.ts';

/** A piece of a line: what a delta says, and how it is shown. */
interface Said {
  readonly word: string;
  readonly value: string;
  readonly tone: 'strong' | 'dim' | 'warning' | 'bad' | 'good';
}

/**
 * What a frame says in a token stream, in place of its JSON: the text it brings in quotes, all else with its word.
 * @returns null for a frame that is told better by its bytes
 */
export function prettyDeltas(deltas: readonly Delta[], colours: Palette, fit: (text: string) => string): string | null {
  const said = deltas.map(saidBy).filter((piece) => piece !== null);
  const [first] = said;
  if (first === undefined) return null;
  // Every frame of some dialects names the message anew: that is worth a line only where nothing else is said.
  const told = said.filter(({ word }) => word !== 'message');
  const shown = told.length === 0 ? [first] : told;
  const line = fit(shown.map(({ word, value }) => [word, value].filter((part) => part !== '').join(' ')).join(' · '));
  const tones = new Set(shown.map(({ tone }) => tone));
  const tone = (['bad', 'warning', 'good', 'strong', 'dim'] as const).find((one) => tones.has(one)) ?? 'dim';
  return tone === 'strong' ? line : colours[tone](line);
}

function saidBy(delta: Delta): Said | null {
  switch (delta.type) {
    case 'text':
      return { word: '', value: quoted(delta.text), tone: 'strong' };
    case 'reasoning':
      return { word: 'reasoning', value: quoted(delta.text), tone: 'dim' };
    case 'refusal':
      return { word: 'refusal', value: quoted(delta.text), tone: 'warning' };
    case 'final':
      return { word: `whole ${delta.channel}`, value: `${grouped(delta.text.length)} characters`, tone: 'dim' };
    case 'tool-start':
      return { word: 'tool', value: safeForTerminal(delta.name ?? delta.kind), tone: 'strong' };
    case 'tool-arguments':
      return { word: 'arguments', value: safeForTerminal(delta.text), tone: 'strong' };
    case 'tool-end':
      return { word: 'tool end', value: safeForTerminal(delta.status ?? ''), tone: 'dim' };
    case 'tool-result':
      return { word: 'tool result', value: jsonOf(delta.result), tone: 'dim' };
    case 'citation':
      return { word: 'citation', value: jsonOf(delta.citation), tone: 'dim' };
    case 'media':
      return { word: safeForTerminal(delta.media), value: `${grouped(delta.characters)} characters`, tone: 'dim' };
    case 'usage':
      return { word: 'usage', value: `${count(delta.input)} in, ${count(delta.output)} out`, tone: 'dim' };
    case 'finish':
      return { word: 'finish', value: safeForTerminal(delta.reason), tone: 'good' };
    case 'meta':
      return { word: 'message', value: safeForTerminal(delta.id ?? delta.model ?? ''), tone: 'dim' };
    case 'error':
      return { word: 'error', value: errorText(delta.code, delta.message), tone: 'bad' };
    case 'timing':
      return { word: `server’s ${safeForTerminal(delta.name)}`, value: `${grouped(delta.micros)} µs`, tone: 'dim' };
    case 'terminator':
      return { word: 'end', value: '', tone: 'good' };
    case 'heartbeat':
      return { word: 'heartbeat', value: '', tone: 'dim' };
    case 'unknown':
      return { word: 'unknown', value: safeForTerminal(delta.name), tone: 'warning' };
    case 'event':
    case 'fault':
      return null;
    default:
      return assertNever(delta, 'delta');
  }
}

export function errorText(code: string | null, message: string): string {
  return safeForTerminal([code, message].filter((part) => part !== null && part !== '').join(': '));
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : safeForTerminal(JSON.stringify(value));
}

function count(number: number | null): string {
  return number === null ? '?' : grouped(number);
}

/** In quotes, with line ends as `\n`, so that white space at either end is seen. */
function quoted(text: string): string {
  return safeForTerminal(JSON.stringify(text));
}
