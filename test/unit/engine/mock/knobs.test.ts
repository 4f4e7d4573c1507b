import { describe, expect, it } from 'vitest';
import {
  allowedValues,
  choice,
  decimalNumber,
  freeText,
  readKnobs,
  wholeNumber,
} from '../../../../src/engine/mock/knobs.ts';

const table = {
  n: wholeNumber(0, 10_000_000, 50, 'How many.'),
  delayMs: decimalNumber(0, 60_000, 100, 'How long.'),
  error: choice(['middle', 'none'], 'middle', 'Whether.'),
  prompt: freeText(10, '', 'What.'),
} as const;

describe('knobs', () => {
  it('have their fallbacks and take what is allowed', () => {
    expect(readKnobs(table, new URLSearchParams())).toEqual({
      ok: true,
      values: { n: 50, delayMs: 100, error: 'middle', prompt: '' },
    });
    expect(readKnobs(table, new URLSearchParams('n=10000000&delayMs=0.25&error=none&prompt=%C3%A9'))).toEqual({
      ok: true,
      values: { n: 10_000_000, delayMs: 0.25, error: 'none', prompt: 'é' },
    });
  });

  it.each([
    ['n=-1', 'n', '-1', 'a whole number from 0 to 10,000,000'],
    ['n=10000001', 'n', '10000001', 'a whole number from 0 to 10,000,000'],
    ['n=1.5', 'n', '1.5', 'a whole number from 0 to 10,000,000'],
    ['n=', 'n', '', 'a whole number from 0 to 10,000,000'],
    ['n=1e3', 'n', '1e3', 'a whole number from 0 to 10,000,000'],
    ['delayMs=NaN', 'delayMs', 'NaN', 'a number from 0 to 60,000'],
    ['error=yes', 'error', 'yes', 'middle or none'],
    ['prompt=12345678901', 'prompt', '12345678901', 'text of at most 10 characters'],
    ['delay=5', 'delay', '5', 'n, delayMs, error, prompt'],
    ['__proto__=5', '__proto__', '5', 'n, delayMs, error, prompt'],
  ])('refuse %s by name, value and range', (query, knob, value, allowed) => {
    const read = readKnobs(table, new URLSearchParams(query));
    expect(read).toMatchObject({ ok: false, problem: { knob, value, allowed } });
    expect(read.ok ? '' : read.problem.message).toContain(allowed);
  });

  it('describe themselves', () => {
    expect(Object.values(table).map(allowedValues)).toEqual([
      'a whole number from 0 to 10,000,000',
      'a number from 0 to 60,000',
      'middle or none',
      'text of at most 10 characters',
    ]);
  });
});
