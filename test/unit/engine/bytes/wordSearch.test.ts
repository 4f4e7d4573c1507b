import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WordSearch } from '../../../../src/engine/bytes/wordSearch.ts';

it('finds a word where a search of text finds it', () => {
  const letters = fc.string({ unit: fc.constantFrom('"', 'e', 'r', 'o', '"error"'), maxLength: 60 });
  fc.assert(
    fc.property(letters, fc.nat({ max: 60 }), (text, from) => {
      const found = new WordSearch('"error"').find(new TextEncoder().encode(text), from);
      expect(found).toBe(text.indexOf('"error"', from));
    }),
    { numRuns: 2_000 },
  );
});
