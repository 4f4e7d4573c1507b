import { describe, expect, it } from 'vitest';
import { compileFilter, type FilterSubject } from '../../../../src/engine/recording/filterExpression.ts';
import { deltaKinds, frameFlag, frameKindCode } from '../../../../src/shared/words.ts';

const subject: FilterSubject = {
  kind: frameKindCode.event,
  flags: frameFlag.afterStall,
  type: 'order.created',
  length: 2_048,
  gapMicros: 250_000,
  chunk: 11,
  delta: deltaKinds.indexOf('reasoning'),
  found: () => false,
};

function matches(expression: string, text = 'The Quick [brown] fox', over: Partial<FilterSubject> = {}): boolean {
  const compiled = compileFilter(expression);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  const judged = { ...subject, ...over };
  return (
    compiled.value.columnTests.every((test) => test(judged)) && compiled.value.textTests.every((test) => test(text))
  );
}

describe('the filter box', () => {
  it.each([
    ['', true],
    ['quick', true],
    ['quick slow', false],
    ['"quick [brown]"', true],
    ['-slow', true],
    ['-quick', false],
    ['/q.ick/i', true],
    ['/q.ick/', false],
    ['-/^fox/', true],
    [String.raw`/\[br.*n\]/`, true],
    ['/brown\\] fox/', true],
    ['type:event', true],
    ['type:Order.Created', true],
    ['type:comment', false],
    ['-type:comment', true],
    ['size>2k', true],
    ['size>2kib', false],
    ['size>=2kib', true],
    ['size<1m', true],
    ['gap>200ms', true],
    ['gap>0.25s', false],
    ['gap<=250000us', true],
    ['has:stall', true],
    ['has:error', false],
    ['chunk:12', true],
    ['delta:reasoning', true],
    ['delta:Text', false],
    ['-delta:tool', true],
    ['chunk:11', false],
    ['type:event gap>200ms quick', true],
  ])('%s → %s', (expression, expected) => {
    expect(matches(expression)).toBe(expected);
  });

  it('finds the frames an error points at', () => {
    expect(matches('has:error', '', { flags: frameFlag.hasDiagnostic | frameFlag.hasError })).toBe(true);
  });

  it('tells warnings from notes, where something is known of a frame at all', () => {
    const warned = { flags: frameFlag.hasDiagnostic, found: (severity: string) => severity === 'warning' };
    expect(matches('has:warning', '', warned)).toBe(true);
    expect(matches('has:info', '', warned)).toBe(false);
    expect(matches('has:warning', '', { ...warned, flags: 0 })).toBe(false);
  });

  it('never matches an unknown gap', () => {
    expect(matches('gap<1s', '', { gapMicros: -1 })).toBe(false);
    expect(matches('gap>0', '', { gapMicros: -1 })).toBe(false);
  });

  it.each([
    ['fox "open', 4, /never closed/],
    ['/open', 0, /never closed/],
    ['a /(/', 2, /not a regular expression: missing closing/],
    ['/a(?=b)/', 0, /no lookaround/],
    [String.raw`/(a)\1/`, 0, /no references back/],
    ['/a/q', 0, /no flag q/],
    ['size>big', 0, /size>2k/],
    ['gap>1parsec', 0, /units/],
    ['delta:luck', 0, /knows none, text, reasoning/],
    ['has:luck', 0, /error, warning, info, diagnostic, stall, id/],
    ['chunk:x', 0, /chunk:12/],
    ['type:', 0, /type:comment/],
  ])('%s is refused at %i', (expression, at, message) => {
    const compiled = compileFilter(expression);
    if (compiled.ok) throw new Error('it was accepted');
    expect(compiled.failure.code).toBe('filter/invalid');
    expect(compiled.failure.data).toEqual({ at });
    expect(compiled.failure.message).toMatch(message);
  });
});

it('matches a regular expression that would take for ever by trying, in a moment', () => {
  const compiled = compileFilter(String.raw`/^(a+)+$|(x+x+)+y|(\w|\d)*!$/`);
  if (!compiled.ok) throw new Error(compiled.failure.message);
  // Trying every way would take longer than the age of the universe, so that this ends is the proof.
  expect(compiled.value.textTests[0]?.(`${'a'.repeat(100_000)}x${'x'.repeat(100_000)}1`)).toBe(false);
});
