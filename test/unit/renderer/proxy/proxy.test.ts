import { describe, expect, it } from 'vitest';
import { environmentLine, environmentLines } from '../../../../src/renderer/proxy/environmentLines.ts';
import { formOf, readForm } from '../../../../src/renderer/proxy/interventionForm.ts';
import { interventionWords } from '../../../../src/renderer/state/proxy.ts';
import { noInterventions, type Interventions } from '../../../../src/shared/proxy.ts';

const variable = { name: 'OPENAI_BASE_URL', value: 'http://127.0.0.2:4040/openai/v1' };

describe('lines for a shell', () => {
  it('sets a variable in each of them', () => {
    expect(environmentLine('sh', variable)).toBe(`export OPENAI_BASE_URL=${variable.value}`);
    expect(environmentLine('fish', variable)).toBe(`set -gx OPENAI_BASE_URL '${variable.value}'`);
    expect(environmentLine('PowerShell', variable)).toBe(`$env:OPENAI_BASE_URL = '${variable.value}'`);
    expect(environmentLines('sh', [variable, variable]).split('\n')).toHaveLength(2);
  });

  it('quotes what a shell would read as its own', () => {
    const odd = { name: 'X', value: "a b'c$d\\" };
    expect(environmentLine('sh', odd)).toBe("export X='a b'\\''c$d\\'");
    expect(environmentLine('fish', odd)).toBe("set -gx X 'a b\\'c$d\\\\'");
    expect(environmentLine('PowerShell', odd)).toBe("$env:X = 'a b''c$d\\'");
  });
});

describe('the form of interventions', () => {
  const all: Interventions = {
    route: 'openai',
    latencyMillis: 300,
    bytesPerSecond: 1_000,
    cutAfterFrames: 0,
    fault: { fault: 'reset@frame:5', requests: 3 },
    offline: 'when-down',
  };

  it('is all off as it begins, and holds what was set', () => {
    expect(readForm(formOf(noInterventions))).toEqual({ ok: true, interventions: noInterventions });
    expect(readForm(formOf(all))).toEqual({ ok: true, interventions: all });
  });

  it('names the fields that hold nothing that fits', () => {
    const form = { ...formOf(all), latency: '-1', throttle: '0', cut: '1.5', faultRequests: '' };
    expect(readForm(form)).toEqual({ ok: false, wrong: ['latency', 'throttle', 'cut', 'faultRequests'] });
    expect(readForm({ ...form, latency: '', throttle: '', cut: '', fault: '' }).ok).toBe(true);
  });

  it('is told in words while anything is on, a spent fault no more', () => {
    expect(interventionWords(noInterventions, 0)).toEqual([]);
    expect(interventionWords(all, 1)).toEqual([
      'answers 300 ms late',
      'at most 1,000 bytes a second',
      'cut after frame 0',
      'reset@frame:5 for one more request',
      'answers from recordings when the upstream is down',
    ]);
    expect(interventionWords({ ...noInterventions, fault: all.fault }, 0)).toEqual([]);
  });
});
