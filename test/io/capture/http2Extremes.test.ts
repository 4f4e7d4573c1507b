import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import type { Capture, CaptureSink } from '../../../src/main/capture/sink.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { Ending, Mark } from '../../../src/shared/recording.ts';
import { isDeep } from '../../unit/engine/framing/deepRun.ts';
import { begin, signal } from './capturing.ts';
import { startHttp2FaultServer } from './http2FaultServer.ts';
import { data, endStream, headers, ping, settings } from './http2Frames.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
import { trustedCertificate } from './testCertificates.ts';

/** Counts and keeps times, but no bytes: what is left in memory is the capture's own. */
class CountingSink implements CaptureSink {
  readonly times: Float64Array;
  readonly marks: Mark[] = [];
  chunks = 0;
  bytes = 0;
  continued = 0;
  peakBufferBytes = 0;
  ending: Ending | null = null;

  constructor(chunks: number) {
    this.times = new Float64Array(chunks);
  }

  mark(mark: Mark): void {
    this.marks.push(mark);
  }

  sent(): void {}
  head(): void {}

  chunk(atMicros: number, bytes: Uint8Array, continues: boolean): boolean {
    this.times[this.chunks] = atMicros;
    this.chunks += 1;
    this.bytes += bytes.byteLength;
    if (continues) this.continued += 1;
    if (this.chunks % 10_000 === 0) {
      this.peakBufferBytes = Math.max(this.peakBufferBytes, process.memoryUsage().arrayBuffers);
    }
    return true;
  }

  body(): boolean {
    return true;
  }

  trailers(): void {}
  transportDiagnostic(): void {}

  ended(ending: Ending): void {
    this.ending = ending;
  }
}

const options = { caPem: trustedCertificate.cert, httpVersion: '2' } as const;

function open(url: string, sink: CaptureSink): Capture {
  const opened = openCapture(requestFor(url, { options }), sink, {
    limits: defaultLimits,
    userAgent: 'streamscope/test',
    environment: {},
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

const frames = isDeep ? 1_000_000 : 100_000;

it.each(['http', 'https'] as const)(
  `every one of ${frames.toLocaleString('en')} DATA frames of one byte is kept with its time, over %s`,
  { timeout: 120_000 },
  async (scheme) => {
    const block = Buffer.concat(Array.from({ length: 10_000 }, () => data('x')));
    const server = await startHttp2FaultServer(scheme, async (peer) => {
      await peer.write(Buffer.concat([settings(), headers([[':status', '200']])]));
      for (let sent = 0; sent < frames; sent += 10_000) await peer.write(block);
      await peer.write(data('', endStream));
    });
    const before = process.memoryUsage().arrayBuffers;
    try {
      const sink = new CountingSink(frames);
      await open(`${server.origin}/stream`, sink).done;
      expect(sink.ending?.code).toBe('end/complete');
      expect(sink.chunks).toBe(frames);
      expect(sink.bytes).toBe(frames);
      expect(sink.continued).toBe(0);
      expect(sink.times.every((at, n) => Number.isInteger(at) && at >= (sink.times[n - 1] ?? 0))).toBe(true);
      expect(new Set(sink.times).size).toBeGreaterThan(frames / 100_000);
      // Reads that wait for the garbage collector, not frames that pile up.
      expect(sink.peakBufferBytes - before).toBeLessThan(64 * 1024 * 1024);
    } finally {
      await server.close();
    }
  },
);

it.each(['http', 'https'] as const)(
  'endless heartbeats over %s stop while nobody reads, and go on after',
  { timeout: 30_000 },
  async (scheme) => {
    const heartbeat = Buffer.concat([...Array.from({ length: 1_000 }, () => data(': heartbeat\n\n')), ping()]);
    let written = 0;
    const server = await startHttp2FaultServer(scheme, async (peer) => {
      const left = new AbortController();
      void peer.gone.then(() => left.abort());
      await peer.write(Buffer.concat([settings(), headers([[':status', '200']])]));
      while (!left.signal.aborted) {
        await peer.write(heartbeat);
        written += 1;
        await nextTurn();
      }
    });
    try {
      const sink = new RecordingSink();
      let isOpen = false;
      sink.hasRoom = () => isOpen;
      const full = signal();
      const gone = signal();
      let wanted = Infinity;
      sink.onMark = ({ name }) => {
        if (name === 'paused') full.give();
      };
      sink.onChunk = () => {
        if (sink.chunks.length >= wanted) gone.give();
      };
      const running = begin(requestFor(`${server.origin}/stream`, { options }), sink);
      await full.given;
      // The server gets stuck once the kernel's buffers are full: its progress stops for many turns in a row.
      for (let before = -1, still = 0; still < 20; before = written) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        still = before === written ? still + 1 : 0;
      }
      const held = sink.chunks.length;
      expect(held).toBeLessThan(written * 1_000);
      isOpen = true;
      wanted = held + 50_000;
      running.resume();
      await gone.given;
      running.stop({ by: 'user' });
      await running.done;
      expect(sink.ending?.code).toBe('end/stopped');
      // The last one may be cut where the read ended in which it was stopped.
      expect(': heartbeat\n\n').toContain(sink.wireBytes.toString().replaceAll(': heartbeat\n\n', ''));
      expect(sink.markNames.filter((name) => name === 'paused' || name === 'resumed')).toEqual(['paused', 'resumed']);
    } finally {
      await server.close();
    }
  },
);
