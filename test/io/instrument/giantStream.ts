import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInstrument } from '../../../src/main/instrument/createInstrument.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';

/** What recording a stream in a process of its own came to: `giantStream.ts URL [maxBytes]`, told as one line of JSON. */
export interface GiantOutcome {
  readonly endingCode: string | null;
  readonly wireBytes: number;
  readonly bodyBytes: number;
  readonly chunks: number;
  readonly codes: readonly string[];
  /** Largest resident memory of the process, and before the stream. */
  readonly peakBytes: number;
  readonly calmBytes: number;
  /** 99th percentile of the event loop's delay while the stream was recorded. */
  readonly loopDelayP99Micros: number;
}

async function record(url: string, maxBytes: number | undefined): Promise<GiantOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-giant-'));
  const instrument = await createInstrument({
    host: 'memory',
    version: '0.0.0',
    folder,
    samplesFolder: null,
    startMock: false,
  });
  try {
    const calmBytes = process.memoryUsage.rss();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const id = instrument.recordings.open(
      {
        method: 'GET',
        url,
        headers: [],
        body: { kind: 'none' },
        auth: { kind: 'none' },
        options: { ...defaultRequestOptions, ...(maxBytes === undefined ? {} : { maxBytes }) },
      },
      { framing: null },
    );
    await instrument.recordings.settled(id);
    delay.disable();
    const recording = instrument.recordings.get(id);
    return {
      endingCode: recording.facts().ending?.code ?? null,
      wireBytes: recording.chunks.wireBytes,
      bodyBytes: recording.analysis.bodyBytes,
      chunks: recording.chunks.count,
      codes: [...new Set(recording.analysis.diagnostics.kept.map(({ diagnostic }) => diagnostic.code))],
      peakBytes: process.resourceUsage().maxRSS * 1024,
      calmBytes,
      loopDelayP99Micros: Math.round(delay.percentile(99) / 1_000),
    };
  } finally {
    await instrument.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const [url, maxBytes] = process.argv.slice(2);
if (url !== undefined) {
  const outcome = await record(url, maxBytes === undefined ? undefined : Number(maxBytes));
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
