import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionEnd } from '../../../src/main/capture/connectionReader.ts';
import { judgeSession } from '../../../src/main/capture/http2/judgeSession.ts';
import { Http2Session } from '../../../src/main/capture/http2/session.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { HeaderList } from '../../../src/shared/request.ts';
import { http2Faults, type Http2Fault } from './http2Faults.ts';
import { data, frame, headers, padded, settings } from './http2Frames.ts';

interface Outcome {
  readonly code: string;
  readonly message: string;
  readonly body: string;
  /** Body bytes by DATA frame: where `continues` was false a new one begins. */
  readonly frames: readonly string[];
  readonly trailers: HeaderList;
  readonly unanswered: string;
  readonly extraBytes: number;
}

const connectionEnds: Readonly<Record<Http2Fault['then'], ConnectionEnd | null>> = {
  stay: null,
  close: { how: 'closed', atMicros: 0 },
  cut: { how: 'tls-truncated', atMicros: 0 },
  reset: { how: 'reset', atMicros: 0, code: 'ECONNRESET' },
};

/** Feeds a session the bytes in pieces that end at `cuts`. */
function outcomeOf(fault: Http2Fault, cuts: readonly number[]): Outcome {
  const frames: string[] = [];
  let trailers: HeaderList = [];
  const session = new Http2Session(fault.method ?? 'GET', defaultLimits, {
    reply: () => {},
    head: () => true,
    data: (bytes, continues) => {
      const text = Buffer.from(bytes).toString('latin1');
      if (continues) frames.push(`${frames.pop() ?? ''}${text}`);
      else frames.push(text);
    },
    trailers: (list) => {
      trailers = list;
    },
    sendWindowOpened: () => {},
  });
  let at = 0;
  for (const cut of [...cuts, fault.bytes.byteLength]) {
    if (cut > at) session.push(0, fault.bytes.subarray(at, cut));
    at = Math.max(at, cut);
  }
  const end = judgeSession(session, connectionEnds[fault.then]);
  return {
    code: end.code,
    message: end.message,
    body: frames.join(''),
    frames,
    trailers,
    // What is no HTTP/2 at all is kept as far as it came with the bytes that gave it away.
    unanswered: end.code === 'end/not-http2' ? '' : Buffer.from(session.unansweredBytes).toString('latin1'),
    extraBytes: session.extraBytes,
  };
}

/** A DATA or HEADERS frame of the request's stream with END_STREAM is among the bytes. */
function hasEndStream(bytes: Buffer): boolean {
  for (let at = 0; at + 9 <= bytes.byteLength; at += 9 + bytes.readUIntBE(at, 3)) {
    const isOfStream = (bytes.readUInt32BE(at + 5) & 0x7fffffff) === 1;
    if (isOfStream && bytes.readUInt8(at + 3) <= 1 && (bytes.readUInt8(at + 4) & 1) === 1) return true;
  }
  return false;
}

const small = http2Faults.filter(({ bytes }) => bytes.byteLength <= 4_096);

describe('an HTTP/2 session', () => {
  it('judges every fault alike, whole, byte by byte and split anywhere', () => {
    for (const fault of small) {
      const whole = outcomeOf(fault, []);
      expect(whole.code, fault.name).toBe(fault.code);
      const everyByte = Array.from({ length: fault.bytes.byteLength }, (_, at) => at + 1);
      expect(outcomeOf(fault, everyByte), fault.name).toEqual(whole);
      for (const cut of everyByte) expect(outcomeOf(fault, [cut]), `${fault.name}, at ${String(cut)}`).toEqual(whole);
    }
  });

  it('judges large faults alike however they are split', () => {
    for (const fault of http2Faults.filter((row) => !small.includes(row))) {
      const whole = outcomeOf(fault, []);
      const everySeventh = Array.from({ length: fault.bytes.byteLength / 7 }, (_, at) => at * 7);
      expect(outcomeOf(fault, everySeventh), fault.name).toEqual(whole);
    }
  });

  it('finds the DATA frames of any layout, with any padding, in any splitting', () => {
    const piece = fc.record({ text: fc.string({ maxLength: 40 }), padding: fc.option(fc.nat(255)) });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(2_000), { maxLength: 30 }), (pieces, cuts) => {
        const bytes = Buffer.concat([
          settings(),
          headers([[':status', '200']]),
          ...pieces.map(({ text, padding }) =>
            padding === null
              ? data(text)
              : frame(0, padded, 1, Buffer.concat([Buffer.from([padding]), Buffer.from(text), Buffer.alloc(padding)])),
          ),
          data('', 1),
        ]);
        const fault: Http2Fault = { name: '', bytes, then: 'stay', kind: 'complete', code: '', wire: null };
        const outcome = outcomeOf(
          fault,
          cuts.toSorted((a, b) => a - b),
        );
        expect(outcome.code).toBe('end/complete');
        expect(outcome.frames).toEqual(
          pieces.map(({ text }) => Buffer.from(text).toString('latin1')).filter((text) => text !== ''),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('says the same of any damage to a stream in any splitting, and never complete where END_STREAM is gone', () => {
    const sound = Buffer.concat([
      settings([3, 100]),
      headers([
        [':status', '200'],
        ['content-type', 'text/event-stream'],
      ]),
      data('data: one\n\n'),
      frame(0, padded, 1, Buffer.concat([Buffer.from([3]), Buffer.from('data: two\n\n'), Buffer.alloc(3)])),
      frame(6, 0, 0, '12345678'),
      headers([['x-count', '2']], 0x4),
    ]);
    const damage = fc.array(fc.tuple(fc.nat(sound.byteLength - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, fc.array(fc.nat(sound.byteLength), { maxLength: 20 }), (changes, cuts) => {
        const bytes = Buffer.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        const fault: Http2Fault = { name: '', bytes, then: 'close', kind: 'cut', code: '', wire: null };
        const whole = outcomeOf(fault, []);
        expect(
          outcomeOf(
            fault,
            cuts.toSorted((a, b) => a - b),
          ),
        ).toEqual(whole);
        if (whole.code === 'end/complete') expect(hasEndStream(bytes)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('opens its window again in good time, not while it is held, and notices who sends beyond it', () => {
    const replies: Uint8Array[] = [];
    const session = new Http2Session('GET', defaultLimits, {
      reply: (frames) => replies.push(frames),
      head: () => true,
      data: () => {},
      trailers: () => {},
      sendWindowOpened: () => {},
    });
    session.push(0, Buffer.concat([settings(), headers([[':status', '200']])]));
    replies.length = 0;
    const frameOf16Kb = data(Buffer.alloc(16_384));
    for (let n = 0; n < 2_048; n += 1) session.push(0, frameOf16Kb);
    expect(session.fault).toBeNull();
    expect(replies).toHaveLength(8);

    session.holdWindow(true);
    for (let n = 0; n < 1_024; n += 1) session.push(0, frameOf16Kb);
    expect(session.fault).toBeNull();
    expect(replies).toHaveLength(8);
    session.holdWindow(false);
    expect(replies).toHaveLength(10);

    session.holdWindow(true);
    for (let n = 0; n < 1_025; n += 1) session.push(0, frameOf16Kb);
    expect(session.fault?.code).toBe('end/h2-flow-control');
  });

  it('takes a heartbeat every ten seconds for days, and no thousand of them at once', () => {
    const session = new Http2Session('GET', defaultLimits, {
      reply: () => {},
      head: () => true,
      data: () => {},
      trailers: () => {},
      sendWindowOpened: () => {},
    });
    session.push(0, Buffer.concat([settings(), headers([[':status', '200']])]));
    const heartbeat = frame(6, 0, 0, '12345678');
    for (let n = 1; n <= 30_000; n += 1) session.push(n * 10_000_000, heartbeat);
    expect(session.fault).toBeNull();
    for (let n = 0; n <= 1_000; n += 1) session.push(300_000_000_000, heartbeat);
    expect(session.fault?.code).toBe('end/h2-flood');
  });
});
