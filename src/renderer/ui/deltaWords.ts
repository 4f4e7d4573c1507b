import { deltaKinds, type DeltaKind } from '../../shared/words.ts';
import { visibleText } from './visibleText.ts';

const titles: Readonly<Record<DeltaKind, string>> = {
  none: '',
  text: 'text',
  reasoning: 'reasoning',
  refusal: 'refusal',
  tool: 'tool call',
  'tool-result': 'tool result',
  citation: 'citation',
  media: 'media',
  error: 'error',
  finish: 'finish',
  usage: 'usage',
  start: 'start',
  timing: 'timing',
  end: 'end',
  heartbeat: 'heartbeat',
  event: 'event',
  unknown: 'unknown',
};

/** What a person calls a kind of delta; empty for none. */
export function deltaTitle(kind: DeltaKind): string {
  return titles[kind];
}

export function deltaKindOf(code: number | undefined): DeltaKind {
  return deltaKinds[code ?? 0] ?? 'none';
}

/** Kinds that say nothing of their own, so that the frame's own name says more. */
export function isNamedByFrame(kind: DeltaKind): boolean {
  return kind === 'none' || kind === 'event' || kind === 'unknown' || kind === 'heartbeat' || kind === 'start';
}

/** Kinds whose text is the stream's own words, whose spaces count. */
export function isWords(kind: DeltaKind): boolean {
  return kind === 'text' || kind === 'reasoning' || kind === 'refusal' || kind === 'tool';
}

/** A piece of text with its spaces to be seen: `·backoff`. */
export function visibleWords(text: string): string {
  return visibleText(text).replace(/ /g, '·');
}
