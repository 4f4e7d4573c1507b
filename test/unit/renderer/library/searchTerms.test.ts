import { describe, expect, it } from 'vitest';
import { filterChoices } from '../../../../src/renderer/library/filterChoices.ts';
import {
  hasTerm,
  markedPieces,
  namedTerm,
  searchedWords,
  termsOf,
  withTerm,
} from '../../../../src/renderer/library/searchTerms.ts';
import { summary } from '../state/summaries.ts';

describe('terms of a search', () => {
  it('are kept whole in quotes, and switched on and off without touching the others', () => {
    const typed = 'orders  tag:"bug 12" -"two words" is:starred';
    expect(termsOf(typed)).toEqual(['orders', 'tag:"bug 12"', '-"two words"', 'is:starred']);
    expect(hasTerm(typed, 'is:starred')).toBe(true);
    expect(withTerm(typed, 'is:starred', false)).toBe('orders tag:"bug 12" -"two words"');
    expect(withTerm('orders', namedTerm('tag', 'bug "12"'), true)).toBe('orders tag:"bug 12"');
    expect(withTerm('is:starred', 'is:starred', true)).toBe('is:starred');
    expect(termsOf('')).toEqual([]);
  });

  it('that are looked for in text are the words, not the filters nor what is left out', () => {
    expect(searchedWords('Orders "Two Words" -not tag:x size>1k 127.0.0.1:80 before:7d')).toEqual([
      'orders',
      'two words',
      '127.0.0.1:80',
    ]);
  });

  it('are marked in a text, longest first, without overlap', () => {
    const marked = (text: string, ...words: string[]): string =>
      markedPieces(text, words)
        .map(({ text: piece, found }) => (found ? `[${piece}]` : piece))
        .join('');
    expect(marked('Orders/stream orders', 'order')).toBe('[Order]s/stream [order]s');
    expect(marked('aaa', 'a', 'aa')).toBe('[aa][a]');
    expect(marked('<b>x</b>', '<b>')).toBe('[<b>]x</b>');
    expect(marked('none')).toBe('none');
    expect(marked('İstanbul', 'stan')).toBe('İstanbul');
  });
});

describe('what a library can be filtered by', () => {
  it('is what is there, the most frequent first, each as a term', () => {
    const groups = filterChoices([
      summary('a', { tags: ['x', 'bug 12'], endingKind: 'cut', url: 'https://api.example.com:8443/v1' }),
      summary('b', { tags: ['x'], model: 'm-1' }),
      summary('c', { endingKind: null, url: 'no address' }),
    ]);
    expect(groups.map(({ title }) => title)).toEqual(['Tag', 'Ending', 'Framing', 'Model', 'Host']);
    expect(groups[0]!.choices).toEqual([
      { term: 'tag:x', name: 'x', count: 2 },
      { term: 'tag:"bug 12"', name: 'bug 12', count: 1 },
    ]);
    expect(groups[1]!.choices.map(({ term }) => term)).toEqual(['ending:complete', 'ending:cut', 'ending:none']);
    expect(groups[4]!.choices).toEqual([
      { term: 'host:127.0.0.1', name: '127.0.0.1', count: 1 },
      { term: 'host:api.example.com:8443', name: 'api.example.com:8443', count: 1 },
    ]);
  });
});
