import { grains, scenarioLimits, type ChunksDocument, type PaceDocument } from '../../../shared/scenario.ts';
import { constantAmount, durationAmount, type KnownNames, nothing } from './amounts.ts';
import type { Chunking, Cut } from './chunking.ts';
import type { Amount } from './amount.ts';
import type { Pace } from './pacing.ts';
import type { DocumentPath } from './sourceText.ts';

type Complain = (path: DocumentPath, message: string, suggestion: string | null) => void;

/** So that the pieces of one send come in reads of their own. */
const gapAgainstTheGrain = constantAmount(2);
const defaultSpread = 0.4;
const defaultTogether = 0.05;

export function compilePace(document: PaceDocument, names: KnownNames, complain: Complain): Pace {
  const time = (value: number | string, ...path: readonly string[]): Amount =>
    durationAmount(value, names, (message, meant) => complain(path, message, meant));
  if (typeof document !== 'object') return { kind: 'fixed', every: time(document) };
  if ('jitter' in document) {
    return { kind: 'jittered', every: time(document.every, 'every'), jitter: time(document.jitter, 'jitter') };
  }
  if ('perCharacter' in document) {
    return {
      kind: 'adaptive',
      perCharacter: time(document.perCharacter, 'perCharacter'),
      least: document.least === undefined ? nothing : time(document.least, 'least'),
      most: document.most === undefined ? constantAmount(scenarioLimits.waitMillis) : time(document.most, 'most'),
    };
  }
  if ('burst' in document) {
    const { burst, every, within } = document;
    return {
      kind: 'burst',
      size: burst,
      every: time(every, 'every'),
      within: within === undefined ? nothing : time(within, 'within'),
    };
  }
  const { natural, spread = defaultSpread, together = defaultTogether } = document;
  return { kind: 'natural', median: time(natural, 'natural'), spread, together };
}

export function compileChunks(document: ChunksDocument, names: KnownNames, complain: Complain): Chunking {
  if (typeof document === 'string') {
    if (document === 'against-the-grain') return { cut: { kind: 'against', grains }, gap: gapAgainstTheGrain };
    return { cut: document === 'whole' ? { kind: 'whole' } : { kind: document, size: 1 }, gap: null };
  }
  const cut = cutOf(document);
  const { gap } = document;
  if (gap === undefined) return { cut, gap: cut.kind === 'against' ? gapAgainstTheGrain : null };
  return { cut, gap: durationAmount(gap, names, (message, meant) => complain(['gap'], message, meant)) };
}

function cutOf(document: Exclude<ChunksDocument, string>): Cut {
  if ('bytes' in document) return { kind: 'bytes', size: document.bytes };
  if ('characters' in document) return { kind: 'characters', size: document.characters };
  if ('words' in document) return { kind: 'words', size: document.words };
  if ('lines' in document) return { kind: 'lines', size: document.lines };
  if ('records' in document) return { kind: 'records', size: document.records };
  return { kind: 'against', grains: document.against };
}
