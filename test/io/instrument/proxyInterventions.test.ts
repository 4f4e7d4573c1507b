import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { noInterventions, type Interventions } from '../../../src/shared/proxy.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { bodyOf, rawRequest, withOrigin, withProxy, type ProxyUnderTest, type RawAnswer } from './proxying.ts';
import { kept, type Kept } from './replaying.ts';

const events = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n', 'data: four\n\n'];

function answerWith(pieces: readonly string[], everyMillis: number) {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let n = 0;
    const timer = setInterval(() => {
      const piece = pieces[n++];
      if (piece !== undefined) response.write(piece);
      else {
        clearInterval(timer);
        response.end();
      }
    }, everyMillis);
    response.on('close', () => clearInterval(timer));
  };
}

interface Intervened {
  readonly answer: RawAnswer;
  readonly recording: Kept;
}

async function ask({ url, over, instrument }: ProxyUnderTest, body = ''): Promise<Intervened> {
  const head = `POST /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${String(body.length)}\r\n\r\n`;
  const answer = await rawRequest(url, head + body);
  const [line] = await over(1);
  return { answer, recording: await kept(instrument, line?.recordingId ?? '') };
}

function intervening<T>(changes: Partial<Interventions>, use: (proxy: ProxyUnderTest) => Promise<T>): Promise<T> {
  return withOrigin(
    (request, response) => void bodyOf(request).then(() => answerWith(events, 3)(response)),
    (origin) =>
      withProxy({ everything: origin }, (proxy) => {
        proxy.instrument.proxy.configure({ interventions: { ...noInterventions, ...changes } });
        return use(proxy);
      }),
  );
}

const codes = ({ facts }: Kept): readonly string[] => (facts.transportFindings ?? []).map(({ code }) => code);

describe('interventions', () => {
  it('hold the head back, and say so on the recording', async () => {
    await intervening({ latencyMillis: 150 }, async (proxy) => {
      const began = performance.now();
      const { answer, recording } = await ask(proxy);
      expect(performance.now() - began).toBeGreaterThanOrEqual(150);
      expect(answer.text).toContain('data: four');
      expect(answer.end).toBe('closed');
      expect(recording.facts.proxied?.interventions).toEqual(['The head was held back for 150 ms.']);
      expect(codes(recording)).toEqual(['proxy/intervened']);
      expect(Buffer.from(recording.wire).toString()).toBe(events.join(''));
    });
  });

  it('slow the body down without changing it', async () => {
    await intervening({ bytesPerSecond: 200 }, async (proxy) => {
      const began = performance.now();
      const { answer } = await ask(proxy);
      const body = events.join('');
      // All but the last slice has to wait for its turn.
      expect(performance.now() - began).toBeGreaterThanOrEqual(((body.length - 4) / 200) * 1_000 * 0.9);
      const [, coded = ''] = answer.text.split('\r\n\r\n', 2);
      expect(coded.length).toBeGreaterThan(0);
      expect(answer.text.replace(/[0-9a-f]+\r\n|\r\n/g, '')).toContain(body.slice(0, 3));
      expect(answer.end).toBe('closed');
    });
  });

  it('cut the connection after so many frames, and stop the upstream', async () => {
    await intervening({ cutAfterFrames: 2 }, async (proxy) => {
      const { answer, recording } = await ask(proxy);
      expect(answer.end).toBe('reset');
      expect(answer.text).toContain('data: two');
      expect(answer.text).not.toContain('data: three');
      expect(recording.facts.ending).toMatchObject({ kind: 'stopped', code: 'end/intervened' });
    });
  });

  it('do a fault for the next so many requests, and none to those after', async () => {
    await intervening({ fault: { fault: 'fin@frame:1', requests: 1 } }, async (proxy) => {
      expect(proxy.instrument.proxy.describe().faultRequestsLeft).toBe(1);
      const first = await ask(proxy);
      expect(first.answer.end).toBe('closed');
      expect(first.answer.text).not.toContain('data: two');
      expect(first.answer.text).not.toContain('\r\n0\r\n\r\n');
      const second = await ask(proxy);
      expect(second.answer.text).toContain('data: four');
      expect(codes(second.recording)).toEqual([]);
      expect(proxy.instrument.proxy.describe().faultRequestsLeft).toBe(0);
    });
  });

  it('answer an error in place of the upstream', async () => {
    await intervening({ fault: { fault: 'status:503', requests: 5 } }, async (proxy) => {
      const { answer, recording } = await ask(proxy);
      expect(answer.text).toMatch(/^HTTP\/1\.1 503 /);
      expect(recording.facts.ending).toMatchObject({ code: 'end/intervened' });
    });
  });

  it('are refused with a sentence where they cannot be done', async () => {
    await withProxy({}, ({ instrument }) => {
      for (const [fault, sentence] of [
        ['http-0.9', /mock server makes itself/],
        ['rezet@frame:2', /Do you mean reset/],
      ] as const) {
        const set = (): unknown =>
          instrument.proxy.configure({ interventions: { ...noInterventions, fault: { fault, requests: 1 } } });
        expect(set).toThrow(FailureError);
        expect(set).toThrow(sentence);
      }
      expect(instrument.proxy.describe().interventions).toEqual(noInterventions);
      return Promise.resolve();
    });
  });
});

describe('faults at frames of a compressed body', () => {
  const codings = {
    gzip: [createGzip, constants.Z_SYNC_FLUSH],
    deflate: [createDeflate, constants.Z_SYNC_FLUSH],
    br: [createBrotliCompress, constants.BROTLI_OPERATION_FLUSH],
  } as const;
  type Coding = keyof typeof codings;

  /** Events, each of them flushed into a chunk of its own or not, or the whole at once. */
  async function coded(coding: Coding, each: boolean): Promise<readonly Buffer[]> {
    const [create, flush] = codings[coding];
    const coder = create();
    const chunks: Buffer[] = [];
    let held: Buffer[] = [];
    coder.on('data', (piece: Buffer) => held.push(piece));
    const take = (): void => {
      if (held.length > 0) chunks.push(Buffer.concat(held));
      held = [];
    };
    for (const event of events) {
      coder.write(event);
      if (!each) continue;
      await new Promise<void>((resolve) => coder.flush(flush, resolve));
      take();
    }
    coder.end();
    await once(coder, 'end');
    take();
    return chunks;
  }

  interface Compressed extends Intervened {
    /** Of the coded body, what the client got. */
    readonly got: Buffer;
    readonly chunks: readonly Buffer[];
  }

  async function through(
    coding: Coding,
    changes: Partial<Interventions>,
    each = true,
    pieceBytes = Infinity,
  ): Promise<Compressed> {
    const chunks = await coded(coding, each);
    const pieces = chunks.flatMap((chunk) => {
      const size = Math.min(pieceBytes, chunk.length);
      return Array.from({ length: Math.ceil(chunk.length / size) }, (_, n) => chunk.subarray(n * size, (n + 1) * size));
    });
    return withOrigin(
      (request, response) =>
        void bodyOf(request).then(async () => {
          response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': coding });
          for (const piece of pieces) {
            response.write(piece);
            await new Promise((resolve) => setTimeout(resolve, 3));
          }
          response.end();
        }),
      (origin) =>
        withProxy({ everything: origin }, async (proxy) => {
          proxy.instrument.proxy.configure({ interventions: { ...noInterventions, ...changes } });
          const { answer, recording } = await ask(proxy);
          return { answer, recording, got: unchunked(answer.bytes), chunks };
        }),
    );
  }

  /** The body out of chunked coding, as far as it came. */
  function unchunked(answer: Buffer): Buffer {
    const pieces: Buffer[] = [];
    let at = answer.indexOf('\r\n\r\n') + 4;
    for (;;) {
      const end = answer.indexOf('\r\n', at);
      const size = end < 0 ? 0 : Number.parseInt(answer.toString('latin1', at, end), 16);
      if (size === 0) return Buffer.concat(pieces);
      pieces.push(answer.subarray(end + 2, end + 2 + size));
      at = end + 2 + size + 2;
    }
  }

  for (const coding of ['gzip', 'deflate', 'br'] as const) {
    it(`${coding}: cut behind the first coded chunk that makes the frame whole, in whatever pieces it comes`, async () => {
      for (const pieceBytes of [Infinity, 7, 1]) {
        const { answer, got, chunks, recording } = await through(coding, { cutAfterFrames: 2 }, true, pieceBytes);
        const whole = Buffer.concat(chunks);
        const [one, two] = chunks;
        expect(answer.end).toBe('reset');
        expect(whole.subarray(0, got.length).equals(got)).toBe(true);
        // The frame may be whole before the flush's last bytes, never before the frame before it.
        expect(got.length).toBeGreaterThan(one?.length ?? Infinity);
        expect(got.length).toBeLessThanOrEqual((one?.length ?? 0) + (two?.length ?? 0));
        if (pieceBytes === Infinity) expect(got.length).toBe((one?.length ?? 0) + (two?.length ?? 0));
        expect(recording.facts.ending).toMatchObject({ code: 'end/intervened' });
      }
    });
  }

  it('without a flush: every frame is whole with the last chunk, and the fault behind it', async () => {
    const { answer, got, chunks } = await through('gzip', { fault: { fault: 'fin@frame:1', requests: 1 } }, false);
    expect(chunks).toHaveLength(1);
    expect(got.equals(chunks[0] ?? Buffer.alloc(0))).toBe(true);
    expect(answer.end).toBe('closed');
    expect(answer.text.endsWith('\r\n0\r\n\r\n')).toBe(false);
  });

  it('a fault behind the last frame leaves the body whole, and so does one that would write into its contents', async () => {
    for (const fault of ['reset@frame:9', 'drop-frame@frame:2', 'invalid-utf8@frame:2', 'stall:30@frame:2']) {
      const { answer, got, chunks, recording } = await through('br', { fault: { fault, requests: 1 } });
      expect(got.equals(Buffer.concat(chunks)), fault).toBe(true);
      expect(answer.text.endsWith('\r\n0\r\n\r\n'), fault).toBe(true);
      const said = recording.facts.proxied?.interventions.join(' ') ?? '';
      expect(said.includes('The body is compressed'), fault).toBe(/drop|invalid/.test(fault));
    }
  });
});

describe('offline mode', () => {
  it('answers the same request from its newest recording when the upstream is down, and says so', async () => {
    let origin = '';
    await withProxy({}, async (proxy) => {
      const { instrument, url, over, configure } = proxy;
      const post = async (body: string): Promise<{ answer: RawAnswer; recording: Kept }> => {
        const head = `POST /up/chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: ${String(body.length)}\r\n\r\n`;
        const answer = await rawRequest(url, head + body);
        const [line] = await over(1);
        return { answer, recording: await kept(instrument, line?.recordingId ?? '') };
      };
      const online = await withOrigin(
        (request, response) =>
          void bodyOf(request).then((body) =>
            answerWith([`data: ${body.toString()}\n\n`, 'data: end\n\n'], 40)(response),
          ),
        async (started) => {
          origin = started;
          configure([{ name: 'up', upstream: origin }]);
          await post('other');
          return post('same');
        },
      );
      instrument.proxy.configure({ interventions: { ...noInterventions, offline: 'when-down' } });
      const offline = await post('same');
      expect(offline.recording.sha256).toBe(online.recording.sha256);
      expect(offline.answer.text).toContain('data: same');
      expect(offline.recording.facts.request?.url).toBe(`${origin}/chat`);
      expect(offline.recording.facts.ending?.code).toBe('end/complete');
      const [sentence] = offline.recording.facts.proxied?.interventions ?? [];
      expect(sentence).toContain(online.recording.id);
      expect(sentence).toContain('could not be reached');
      const gapOf = ({ pieces }: Kept): number => (pieces[1]?.sinceHeadMicros ?? 0) - (pieces[0]?.sinceHeadMicros ?? 0);
      expect(gapOf(offline.recording)).toBeGreaterThan(gapOf(online.recording) / 2);
      const unknown = await post('never asked');
      expect(unknown.answer.text).toMatch(/^HTTP\/1\.1 503 /);
      expect(unknown.answer.text).toContain('X-Streamscope-Error: end/offline-unknown');
      expect(unknown.recording.facts.ending).toMatchObject({ kind: 'refused', code: 'end/offline-unknown' });
    });
  });

  it('always: does not ask the upstream', async () => {
    let asked = 0;
    await withOrigin(
      (request, response) => {
        asked++;
        void bodyOf(request).then(() => answerWith(events, 1)(response));
      },
      (origin) =>
        withProxy({ everything: origin }, async (proxy) => {
          const online = await ask(proxy, 'x');
          proxy.instrument.proxy.configure({ interventions: { ...noInterventions, offline: 'always' } });
          const offline = await ask(proxy, 'x');
          expect(asked).toBe(1);
          expect(offline.recording.sha256).toBe(online.recording.sha256);
        }),
    );
  });
});
