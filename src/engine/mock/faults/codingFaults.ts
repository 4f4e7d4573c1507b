import type { MockCoding } from '../answer.ts';
import { fault, type FaultDefinition, wordFault } from './definition.ts';

const codings: readonly MockCoding[] = ['gzip', 'deflate', 'br', 'zstd'];

/** Content codings that are not what Content-Encoding says. */
export const codingFaults: readonly FaultDefinition[] = [
  wordFault(codings, 'gzip', {
    name: 'coding-truncated',
    sentence: 'The body is compressed, flushed with every chunk, and the compressed data has no end.',
    example: 'coding-truncated:br',
    effect: (name) => ({ kind: 'coding', name, fault: { kind: 'truncated' } }),
  }),
  wordFault(['gzip', 'deflate'], 'gzip', {
    name: 'coding-corrupt',
    sentence: 'The body is compressed, and the compressed bytes of a chunk (chunk:N, the next one) are overwritten.',
    places: ['chunk'],
    example: 'coding-corrupt:gzip@chunk:2',
    effect: (name, place) => ({
      kind: 'coding',
      name,
      fault: { kind: 'corrupt', chunk: place.kind === 'chunk' ? place.n : 1 },
    }),
  }),
  wordFault(codings, 'gzip', {
    name: 'coding-plain',
    sentence: 'Content-Encoding says that the body is compressed, which it is not.',
    example: 'coding-plain:gzip',
    effect: (name) => ({ kind: 'claimed-coding', value: name }),
  }),
  fault({
    name: 'unknown-coding',
    sentence: 'Content-Encoding names a coding that nobody knows.',
    effect: () => ({ kind: 'claimed-coding', value: 'shrink' }),
  }),
  fault({
    name: 'many-codings',
    sentence: 'Content-Encoding lists six codings.',
    effect: () => ({ kind: 'claimed-coding', value: 'gzip, gzip, gzip, gzip, gzip, gzip' }),
  }),
];
