import { describe, expect, it } from 'vitest';
import { comparedFigureNames, type ComparedFigure } from '../../../../src/shared/compare.ts';
import {
  differenceText,
  figureGroups,
  figureWords,
  relativeText,
  valueText,
} from '../../../../src/renderer/compare/figureWords.ts';

function figure(left: number | null, right: number | null, unit: ComparedFigure['unit'] = 'moment'): ComparedFigure {
  const difference = left === null || right === null ? null : right - left;
  return {
    name: 'first-byte',
    unit,
    left,
    right,
    difference,
    relative: difference === null || left === null || left <= 0 ? null : difference / left,
    better: null,
    isWithinUncertainty: false,
    isLeftEstimated: false,
    isRightEstimated: false,
  };
}

describe('the words of a comparison', () => {
  it('give every number a place, a title and a definition', () => {
    const shown = figureGroups('start').flatMap(({ names }) => names);
    expect(shown.toSorted()).toEqual([...comparedFigureNames].sort());
    for (const name of shown) expect(figureWords[name].means).toMatch(/\.$/);
  });

  it('say unknown for what is not known, and never 0', () => {
    expect(valueText('moment', null, false)).toBe('unknown');
    expect([differenceText(figure(null, 5)), relativeText(figure(null, 5))]).toEqual(['', '']);
  });

  it('sign a difference, and call a large one a multiple', () => {
    expect(differenceText(figure(100_000, 50_000))).toBe('−50.0 ms');
    expect(relativeText(figure(100_000, 50_000))).toBe('−50 %');
    expect(differenceText(figure(1_000, 14_000))).toBe('+13.0 ms');
    expect(relativeText(figure(1_000, 14_000))).toBe('×14');
    expect(relativeText(figure(1_000, 1_004))).toBe('+0.4 %');
    expect([differenceText(figure(7, 7)), relativeText(figure(7, 7))]).toEqual(['=', '']);
    expect(relativeText(figure(0, 7, 'count'))).toBe('');
  });

  it('mark what rests on an estimate', () => {
    expect(valueText('count', 12, true)).toBe('≈ 12');
  });
});
