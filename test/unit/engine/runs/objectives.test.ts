import { describe, expect, it } from 'vitest';
import { isMet, objectiveText, parseObjectives } from '../../../../src/engine/runs/objectives.ts';
import { runWith } from './runs.ts';

const parsed = (text: string) => {
  const read = parseObjectives(text);
  if (!read.ok) throw new Error(read.failure.message);
  return read.value;
};
const refusal = (text: string) => {
  const read = parseObjectives(text);
  return read.ok ? null : read.failure;
};

describe('objectives', () => {
  it('are read with their units, times at most and rates at least', () => {
    expect(parsed('ttft=800ms, itl=50ms,e2e=10s,tps>=30')).toEqual([
      { figure: 'ttft', bound: 'at-most', value: 800_000 },
      { figure: 'itl', bound: 'at-most', value: 50_000 },
      { figure: 'e2e', bound: 'at-most', value: 10_000_000 },
      { figure: 'tps', bound: 'at-least', value: 30 },
    ]);
    expect(parsed('TTFB<=1.5s,tpot=250us,e2e-tps=12.5,tokens>=10,tokens<=20')).toEqual([
      { figure: 'headers', bound: 'at-most', value: 1_500_000 },
      { figure: 'itl', bound: 'at-most', value: 250 },
      { figure: 'e2eTps', bound: 'at-least', value: 12.5 },
      { figure: 'tokens', bound: 'at-least', value: 10 },
      { figure: 'tokens', bound: 'at-most', value: 20 },
    ]);
    expect(parsed('  ')).toEqual([]);
  });

  it.each([
    ['ttft', 'is no objective'],
    ['ttft=800', 'wants its unit'],
    ['ttft>=800ms', 'only a largest one'],
    ['tps<=30', 'only a least one'],
    ['tps=30ms', 'without a unit'],
    ['latency=1s', 'The figures are: headers, first-byte, ttft'],
    ['ttft=1s,ttft=2s', 'a second time'],
    ['ttft=1s,,itl=1ms', 'missing between two commas'],
    ['ttft=-1s', 'is no objective'],
    ['ttft=1e9s', 'is no objective'],
  ])('%s is refused with a sentence', (text, sentence) => {
    expect(refusal(text)?.code).toBe('run/invalid-objective');
    expect(refusal(text)?.message).toContain(sentence);
  });

  it('say where the faulty one begins', () => {
    expect(refusal('ttft=1s,tps=3x')?.data).toEqual({ position: 8 });
  });

  it('are written as they are read', () => {
    const text = 'ttft=800ms,itl=250us,e2e=10s,tps>=30,tokens<=20';
    expect(parsed(text).map(objectiveText).join(',')).toBe(text);
  });

  it('are neither met nor missed by what is not known', () => {
    const [objective] = parsed('ttft=800ms');
    expect(isMet(objective!, runWith({}).figures)).toBeNull();
    expect(isMet(objective!, runWith({ figures: { ttft: 800_000 } }).figures)).toBe(true);
    expect(isMet(objective!, runWith({ figures: { ttft: 800_001 } }).figures)).toBe(false);
  });
});
