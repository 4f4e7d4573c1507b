import { seededRandom, type SeededRandom } from '../random.ts';

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';

/** Names that look random and are not: the same seed, prefix and number give the same name. */
export interface IdSource {
  /** @param number tells names with one prefix apart; default 0 */
  id(prefix: string, length: number, number?: number): string;
  uuid(number?: number): string;
}

export function idSource(seed: number): IdSource {
  const letters = (random: SeededRandom, from: string, length: number): string =>
    Array.from({ length }, () => from[random.below(from.length)]).join('');
  return {
    id: (prefix, length, number = 0) => prefix + letters(seededRandom(seed, 1_000 + number), alphabet, length),
    uuid: (number = 0) => {
      const hex = letters(seededRandom(seed, 2_000 + number), '0123456789abcdef', 30);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18)}`;
    },
  };
}
