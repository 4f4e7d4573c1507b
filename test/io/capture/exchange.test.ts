import { describe, expect, it } from 'vitest';
import { begin, capture, signal, withServer } from './capturing.ts';
import { RecordingSink, requestFor } from './recordingSink.ts';
import { trustedCertificate } from './testCertificates.ts';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const trusted = { caPem: trustedCertificate.cert };

function expectAscending(times: readonly number[]): void {
  expect(times.every((time, n) => Number.isInteger(time) && time >= (times[n - 1] ?? 0))).toBe(true);
}

describe('marks', () => {
  it('come in order, with addresses, over a plain connection by name', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 3\r\n\r\nabc`),
      async (server) => {
        const sink = await capture(requestFor(server.url.replace('127.0.0.1', 'localhost')));
        expect(sink.markNames).toEqual(['dns', 'connect', 'request-sent', 'headers', 'first-byte', 'end']);
        expectAscending(sink.marks.map(({ atMicros }) => atMicros));
        expect(sink.marks[0]?.facts?.addresses).toContain('127.0.0.1');
        expect(sink.marks[1]?.facts?.remote).toBe(`127.0.0.1:${new URL(server.url).port}`);
        expect(sink.marks[1]?.facts?.local).toMatch(/^127\.0\.0\.1:\d+$/);
        expect(sink.responseHead?.atMicros).toBe(sink.marks[3]?.atMicros);
      },
    );
  });

  it('name the TLS session and its certificate', async () => {
    await withServer(
      'https',
      (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: trusted }));
        expect(sink.markNames).toEqual(['connect', 'tls', 'request-sent', 'headers', 'end']);
        const facts = sink.marks[1]?.facts;
        expect(facts).toMatchObject({ tlsVersion: 'TLSv1.3', alpn: 'http/1.1' });
        expect(facts?.cipher).toMatch(/^TLS_/);
        expect(facts?.certificates).toHaveLength(1);
        expect(facts?.certificates?.[0]).toMatchObject({ subject: 'O=Streamscope tests, CN=localhost' });
        expect(facts?.certificates?.[0]?.validTo).toMatch(/^2126-\d\d-\d\dT/);
      },
    );
  });

  it('work over IPv6', async (context) => {
    try {
      await withServer(
        'http',
        (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
        async (server) => {
          const sink = await capture(requestFor(server.url));
          expect(sink.ending?.code).toBe('end/complete');
          expect(sink.marks[0]?.facts?.remote).toMatch(/^\[::1\]:\d+$/);
        },
        { host: '::1' },
      );
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EADDRNOTAVAIL')
        context.skip('this machine has no IPv6 loopback');
      throw error;
    }
  });
});

describe('the request', () => {
  it('goes out with the user’s headers in order and spelling, and the defaults where there are none', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
      async (server) => {
        const headers = [
          ['X-Second', 'b'],
          ['x-FIRST', 'ä'],
          ['X-Second', 'c'],
        ] as const;
        const sink = await capture(requestFor(`${server.url}?a=1#there`, { headers }));
        const host = new URL(server.url).host;
        expect(server.requests[0]).toMatch(/^GET \/stream\?a=1 HTTP\/1\.1\r\n/);
        expect(sink.sentHeaders).toEqual([
          [
            ['host', host],
            ['connection', 'keep-alive'],
            ['user-agent', 'streamscope/test'],
            ['accept', '*/*'],
            ['X-Second', 'b'],
            ['x-FIRST', 'ä'],
            ['X-Second', 'c'],
          ],
        ]);
      },
    );
  });

  it('lets the user’s own headers win', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
      async (server) => {
        const headers = [
          ['User-Agent', 'mine'],
          ['ACCEPT', 'text/event-stream'],
          ['Authorization', 'Own'],
        ] as const;
        await capture(requestFor(server.url, { headers, auth: { kind: 'bearer', token: 't' } }));
        expect(server.requests[0]).toMatch(/User-Agent: mine\r\nACCEPT: text\/event-stream\r\nAuthorization: Own\r\n/);
        expect(server.requests[0]).not.toMatch(/Bearer|streamscope/);
      },
    );
  });

  it('carries its body with a length, and a method of any name', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
      async (server) => {
        await capture(requestFor(server.url, { method: 'REPORT', body: { kind: 'text', text: '{"ä":1}' } }));
        expect(server.requests[0]).toMatch(/^REPORT /);
        expect(server.requests[0]).toMatch(/content-length: 8\r\n\r\n\{"Ã¤":1\}$/);
      },
    );
  });

  it('authenticates: basic, bearer, and by the URL', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
      async (server) => {
        await capture(requestFor(server.url, { auth: { kind: 'basic', username: 'ann', password: 'ö:1' } }));
        await capture(requestFor(server.url, { auth: { kind: 'bearer', token: 'abc' } }));
        await capture(requestFor(server.url.replace('://', '://ann:p%40ss@')));
        const sent = server.requests.map((request) => /authorization: (.*)\r\n/.exec(request)?.[1]);
        const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;
        expect(sent).toEqual([basic('ann:ö:1'), 'Bearer abc', basic('ann:p@ss')]);
      },
    );
  });

  it('asks for codings only when told to', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 0\r\n\r\n`),
      async (server) => {
        await capture(requestFor(server.url));
        await capture(requestFor(server.url, { options: { compressed: true } }));
        expect(server.requests[0]).not.toMatch(/accept-encoding/i);
        expect(server.requests[1]).toMatch(/accept-encoding: gzip, deflate, br/);
      },
    );
  });
});

describe('the answer', () => {
  it('keeps header spelling and repeated headers, reads UTF-8, and yields trailers', async () => {
    const head = `${ok}X-Name: grün\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n`;
    await withServer(
      'http',
      (peer) => peer.write(`${head}3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n`),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.responseHead).toMatchObject({ status: 200, statusText: 'OK', httpVersion: '1.1' });
        expect(sink.responseHead?.headers.slice(0, 3)).toEqual([
          ['X-Name', 'grün'],
          ['Set-Cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ]);
        expect(sink.trailerLists).toEqual([[['X-Sum', '7']]]);
      },
    );
  });

  it('to HEAD has no body, whatever its length says', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 1000\r\n\r\n`),
      async (server) => {
        const sink = await capture(requestFor(server.url, { method: 'HEAD' }));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.chunks).toEqual([]);
      },
    );
  });

  it.each(['http', 'https'] as const)('arrives chunk by chunk over %s: 100,000 chunks of one byte', async (scheme) => {
    const count = 100_000;
    const batch = Array.from({ length: 1_000 }, (_, n) => `1\r\n${String(n % 10)}\r\n`).join('');
    await withServer(
      scheme,
      async (peer) => {
        await peer.write(chunked);
        for (let sent = 0; sent < count; sent += 1_000) await peer.write(batch);
        await peer.write('0\r\n\r\n');
      },
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: trusted }));
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.wireBytes.toString()).toBe('0123456789'.repeat(count / 10));
        // A chunk is an HTTP chunk within a read; one byte cannot be split further, and none may be merged.
        expect(sink.chunks).toHaveLength(count);
        expectAscending(sink.chunks.map(({ atMicros }) => atMicros));
        expect(sink.bodies.map(({ chunk }) => chunk)).toEqual(sink.chunks.map((_, n) => n));
      },
    );
  });

  it('has each chunk at the time of its own read', async () => {
    const proceed = [signal(), signal()];
    await withServer(
      'http',
      async (peer) => {
        await peer.write(`${chunked}1\r\na\r\n`);
        await proceed[0]!.given;
        await peer.write('1\r\nb\r\n');
        await proceed[1]!.given;
        await peer.write('1\r\nc\r\n0\r\n\r\n');
      },
      async (server) => {
        const sink = new RecordingSink();
        sink.onChunk = () => proceed[sink.chunks.length - 1]?.give();
        await begin(requestFor(server.url), sink).done;
        const times = sink.chunks.map(({ atMicros }) => atMicros);
        expect(times).toHaveLength(3);
        expect(times[0]).toBeLessThan(times[1]!);
        expect(times[1]).toBeLessThan(times[2]!);
        expect(sink.ending?.atMicros).toBe(times[2]);
      },
    );
  });
});

describe('bytes after the end', () => {
  it('are counted, and the first 4 KB of them kept as they came', async () => {
    const extra = Buffer.alloc(5_000, 'EXTRA\x00\xff', 'latin1');
    await withServer(
      'http',
      (peer) => peer.write(Buffer.concat([Buffer.from(`${ok}Content-Length: 3\r\n\r\nabc`), extra])),
      async (server) => {
        const sink = await capture(requestFor(server.url));
        expect(sink.ending?.code).toBe('end/complete');
        const [found] = sink.diagnostics;
        expect(found?.code).toBe('end/extra-bytes');
        expect(found?.details['bytes']).toBe(5_000);
        expect(Buffer.from(String(found?.details['base64']), 'base64').equals(extra.subarray(0, 4_096))).toBe(true);
      },
    );
  });
});

describe('stopping', () => {
  it('while connecting leaves no socket and says who stopped', async () => {
    await withServer(
      'http',
      (peer) => peer.gone,
      async (server) => {
        const sink = new RecordingSink();
        const running = begin(requestFor(server.url), sink);
        running.stop({ by: 'user' });
        await running.done;
        expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/stopped' });
        expect(sink.markNames).toEqual(['end']);
      },
    );
  });

  it.each(['http', 'https'] as const)('before the head over %s closes the connection', async (scheme) => {
    const gone = signal();
    const asked = signal();
    await withServer(
      scheme,
      async (peer) => {
        asked.give();
        await peer.gone;
        gone.give();
      },
      async (server) => {
        const sink = new RecordingSink();
        const running = begin(requestFor(server.url, { options: trusted }), sink);
        await asked.given;
        running.stop({ by: 'user' });
        await running.done;
        await gone.given;
        expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/stopped' });
      },
    );
  });

  it.each(['http', 'https'] as const)(
    'within the body over %s keeps what came and closes the connection',
    async (scheme) => {
      const gone = signal();
      const came = signal();
      await withServer(
        scheme,
        async (peer) => {
          await peer.write(`${chunked}5\r\nhello\r\n`);
          await peer.gone;
          gone.give();
        },
        async (server) => {
          const sink = new RecordingSink();
          sink.onChunk = came.give;
          const running = begin(requestFor(server.url, { options: trusted }), sink);
          await came.given;
          running.stop({ by: 'user' });
          running.stop({ by: 'user' });
          await running.done;
          await gone.given;
          expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/stopped', offset: 5 });
          expect(sink.wireBytes.toString()).toBe('hello');
        },
      );
    },
  );

  it('from within the sink’s own call takes effect at once', async () => {
    const many = Array.from({ length: 100 }, () => '1\r\nx\r\n').join('');
    await withServer(
      'http',
      (peer) => peer.write(`${chunked}${many}`),
      async (server) => {
        const sink = new RecordingSink();
        const running = begin(requestFor(server.url), sink);
        sink.onChunk = () => {
          if (sink.chunks.length === 3) running.stop({ by: 'disk', message: 'The disk is full.' });
        };
        await running.done;
        expect(sink.chunks).toHaveLength(3);
        expect(sink.ending).toMatchObject({ kind: 'failed-local', code: 'end/disk' });
        expect(sink.ending?.message).toContain('The disk is full.');
      },
    );
  });

  it('at a limit of bytes keeps exactly so many', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${ok}Content-Length: 10\r\n\r\n0123456789`),
      async (server) => {
        const sink = await capture(requestFor(server.url, { options: { maxBytes: 4 } }));
        expect(sink.wireBytes.toString()).toBe('0123');
        expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/byte-limit', offset: 4 });
        const whole = await capture(requestFor(server.url, { options: { maxBytes: 10 } }));
        expect(whole.ending?.code).toBe('end/complete');
      },
    );
  });

  it('by time: no head, and no end', async () => {
    await withServer(
      'http',
      (peer) => (peer.request.includes('/stream') ? peer.gone : undefined),
      async (server) => {
        const slow = await capture(requestFor(server.url, { options: { headersTimeoutMillis: 50 } }));
        expect(slow.ending).toMatchObject({ kind: 'timeout', code: 'end/headers-timeout' });
        expect(slow.ending?.message).toContain('50 ms');
      },
    );
    await withServer(
      'http',
      (peer) => peer.write(`${chunked}5\r\nhello\r\n`),
      async (server) => {
        const endless = await capture(
          requestFor(server.url, { options: { maxTimeMillis: 60, headersTimeoutMillis: 30_000 } }),
        );
        expect(endless.ending).toMatchObject({ kind: 'timeout', code: 'end/max-time' });
        expect(endless.wireBytes.toString()).toBe('hello');
      },
    );
  });
});

it('a sink that throws ends the recording as our fault, not as the server’s', async () => {
  await withServer(
    'http',
    (peer) => peer.write(`${chunked}5\r\nhello\r\n5\r\nworld\r\n`),
    async (server) => {
      const sink = new RecordingSink();
      sink.onChunk = () => {
        throw new Error('no such segment');
      };
      await begin(requestFor(server.url), sink).done;
      expect(sink.ending).toMatchObject({ kind: 'failed-local', code: 'end/internal' });
      expect(sink.ending?.message).toContain('no such segment');
      expect(sink.chunks).toHaveLength(1);
    },
  );
});

describe('pausing', () => {
  it.each(['http', 'https'] as const)(
    'over %s stops the reading of the socket; resuming loses nothing',
    async (scheme) => {
      const piece = Buffer.alloc(65_536, 'p');
      const pieces = 400;
      let written = 0;
      await withServer(
        scheme,
        async (peer) => {
          await peer.write(`${ok}Content-Length: ${String(piece.byteLength * pieces)}\r\n\r\n`);
          for (; written < pieces; written += 1) await peer.write(piece);
        },
        async (server) => {
          const sink = new RecordingSink();
          let isOpen = false;
          sink.hasRoom = () => isOpen;
          const full = signal();
          sink.onMark = ({ name }) => {
            if (name === 'paused') full.give();
          };
          const running = begin(requestFor(server.url, { options: trusted }), sink);
          await full.given;
          // The server gets stuck once the kernel's buffers are full: its progress stops for many turns in a row.
          for (let before = -1, still = 0; still < 20; before = written) {
            await new Promise((resolve) => setTimeout(resolve, 5));
            still = before === written ? still + 1 : 0;
          }
          expect(written).toBeLessThan(pieces);
          const heldBytes = sink.wireBytes.byteLength;
          expect(heldBytes).toBeLessThan(1_048_576);
          isOpen = true;
          running.resume();
          await running.done;
          expect(sink.ending?.code).toBe('end/complete');
          expect(sink.wireBytes.byteLength).toBe(piece.byteLength * pieces);
          expect(sink.markNames.filter((name) => name === 'paused' || name === 'resumed')).toEqual([
            'paused',
            'resumed',
          ]);
        },
      );
    },
  );

  it('again and again, at every chunk, keeps the order', async () => {
    const text = Array.from({ length: 500 }, (_, n) => String(n)).join(',');
    const body = text
      .match(/.{1,7}/g)!
      .map((part) => `${part.length.toString(16)}\r\n${part}\r\n`)
      .join('');
    await withServer(
      'http',
      (peer) => peer.write(`${chunked}${body}0\r\n\r\n`),
      async (server) => {
        const sink = new RecordingSink();
        sink.hasRoom = () => false;
        const running = begin(requestFor(server.url), sink);
        sink.onMark = ({ name }) => {
          if (name === 'paused') setImmediate(() => running.resume());
        };
        await running.done;
        expect(sink.ending?.code).toBe('end/complete');
        expect(sink.wireBytes.toString()).toBe(text);
      },
    );
  });

  it('does not hide how the connection ended meanwhile', async () => {
    const written = signal();
    await withServer(
      'http',
      async (peer) => {
        await peer.write(`${chunked}5\r\nhello\r\n5\r\nwor`);
        peer.close();
        written.give();
      },
      async (server) => {
        const sink = new RecordingSink();
        sink.hasRoom = () => false;
        const paused = signal();
        sink.onMark = ({ name }) => {
          if (name === 'paused') paused.give();
        };
        const running = begin(requestFor(server.url), sink);
        await Promise.all([paused.given, written.given]);
        sink.hasRoom = () => true;
        running.resume();
        await running.done;
        expect(sink.ending?.code).toBe('end/chunk-cut');
        expect(sink.wireBytes.toString()).toBe('hellowor');
      },
    );
  });

  it('can be stopped', async () => {
    await withServer(
      'http',
      (peer) => peer.write(`${chunked}5\r\nhello\r\n5\r\nworld\r\n`),
      async (server) => {
        const sink = new RecordingSink();
        sink.hasRoom = () => false;
        const running = begin(requestFor(server.url), sink);
        const paused = signal();
        sink.onMark = ({ name }) => {
          if (name === 'paused') paused.give();
        };
        await paused.given;
        running.stop({ by: 'user' });
        await running.done;
        expect(sink.ending?.code).toBe('end/stopped');
        expect(sink.wireBytes.toString()).toBe('hello');
      },
    );
  });
});
