import { describe, expect, it } from 'vitest';
import {
  faultOf,
  faultWords,
  freshForm,
  optionsOf,
  speeds,
  type FaultKind,
} from '../../../../src/renderer/replay/replayForm.ts';
import { missingOf } from '../../../../src/renderer/replay/sendAgain.ts';
import { defaultReplayOptions, replayOptionsSchema } from '../../../../src/shared/replay.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../../src/shared/request.ts';

const kinds = Object.keys(faultWords) as FaultKind[];

describe('the replay form', () => {
  it('stands for the usual options at first', () => {
    expect(optionsOf(freshForm)).toEqual(defaultReplayOptions);
  });

  it('gives options that the engine takes, for every speed and every fault as it is offered', () => {
    const faults = kinds.map((kind, key) => ({ key, kind, value: faultWords[kind].usual, seconds: '30' }));
    for (const [speed] of speeds) {
      const options = optionsOf({ ...freshForm, speed, faults, loop: true, delayMillis: '250' });
      expect(replayOptionsSchema.parse(options)).toMatchObject({ passes: null, delayMicros: 250_000 });
    }
  });

  it('has no options while a field holds no number that fits', () => {
    expect(optionsOf({ ...freshForm, seed: '-1' })).toBeNull();
    expect(optionsOf({ ...freshForm, delayMillis: '' })).toBeNull();
    const fault = { key: 1, kind: 'drop', value: '0', seconds: '' } as const;
    expect(optionsOf({ ...freshForm, faults: [fault] })).toBeNull();
    expect(faultOf({ ...fault, kind: 'stall', value: '3', seconds: '0' })).toBeNull();
  });

  it('counts frames from 1, the engine from 0', () => {
    expect(faultOf({ key: 1, kind: 'drop', value: '1', seconds: '' })).toEqual({ kind: 'drop', frame: 0 });
  });
});

describe('sending a recorded request again', () => {
  const request: RequestSpec = {
    method: 'POST',
    url: 'https://example.com/{{ tenant }}',
    headers: [['Authorization', 'Bearer {{token}}']],
    body: { kind: 'text', text: '{"key":"{{token}}","a":{"b":{}}}' },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };

  it('asks once for each value that was kept out of the recording', () => {
    const missing = missingOf(request);
    expect(missing).toHaveLength(2);
    expect(missing.join()).toMatch(/\{\{tenant\}\}.*\{\{token\}\}/);
  });

  it('asks for files and keys, and for nothing where nothing is missing', () => {
    const plain = { ...request, url: 'https://example.com/', headers: [], body: { kind: 'none' } } as const;
    expect(missingOf(plain)).toEqual([]);
    expect(missingOf({ ...plain, body: { kind: 'file', path: '/a' } })).toHaveLength(1);
    const options = { ...plain.options, clientCertificate: { certificatePem: 'c', keyPem: '' } };
    expect(missingOf({ ...plain, options })).toHaveLength(1);
  });
});
