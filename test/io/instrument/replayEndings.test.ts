import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { startFaultServer } from '../capture/faultServer.ts';
import { faults } from '../capture/faults.ts';
import { recorded, replayed } from './replaying.ts';

const brokenCoding = new Set(['end/invalid-chunk-size', 'end/chunk-size-overflow', 'end/chunk-overrun', 'end/bare-lf']);

let home = '';
let instrument: Instrument;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-replay-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '0',
    folder: home,
    samplesFolder: null,
    startMock: false,
  });
});

afterAll(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

describe('an answer that goes wrong goes wrong again when it is replayed', () => {
  it.each(faults.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
    const server = await startFaultServer('http', fault.perform);
    try {
      const original = await recorded(instrument, server.url);
      expect(original.facts.ending?.code).toBe(fault.code);
      const again = await replayed(instrument, original.id);
      expect({
        code: again.facts.ending?.code,
        message: again.facts.ending?.message,
        sha256: again.sha256,
        status: again.facts.head?.status,
        headers: again.facts.head?.headers,
        trailers: again.facts.trailers,
      }).toEqual({
        code: original.facts.ending?.code,
        // What exactly broke the chunked coding is not kept.
        message: brokenCoding.has(fault.code) ? again.facts.ending?.message : original.facts.ending?.message,
        sha256: original.sha256,
        status: original.facts.head?.status,
        headers: original.facts.head?.headers,
        trailers: original.facts.trailers,
      });
    } finally {
      await server.close();
    }
  });
});
