import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/main/capture/openCapture.ts';
import type { Capture } from '../../../src/main/capture/sink.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { ReconnectPlan, RequestSpec } from '../../../src/shared/request.ts';
import { signal, withServer } from './capturing.ts';
import type { Peer } from './faultServer.ts';
import { FollowingSink } from './followingSink.ts';
import { requestFor } from './recordingSink.ts';

const sse: ReconnectPlan = { kind: 'sse', attempts: 5 };
const eventStream = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n';
const noContent = 'HTTP/1.1 204 No Content\r\n\r\n';
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const last = '0\r\n\r\n';

/** What the server does with its first, second … connection; the last one again for all that follow. */
type Acts = readonly ((peer: Peer) => void)[];
const say =
  (text: string) =>
  (peer: Peer): void => {
    void peer.write(text);
  };
const sayAndClose =
  (text: string) =>
  (peer: Peer): void => {
    void peer.write(text).then(() => {
      peer.close();
    });
  };
const stream = (...events: readonly string[]) => say(eventStream + events.map(chunk).join('') + last);

interface Seen {
  readonly sink: FollowingSink;
  readonly requests: readonly string[];
  /** Waits in milliseconds that were asked for. None of them was waited. */
  readonly waits: readonly number[];
  readonly lastEventIds: readonly (string | null)[];
}

async function follow(
  acts: Acts,
  plan: ReconnectPlan | null,
  changes: Parameters<typeof requestFor>[1] = {},
  prepare: (sink: FollowingSink, capture: () => Capture) => void = () => undefined,
): Promise<Seen> {
  const waits: number[] = [];
  let seen: Seen | undefined;
  let connections = 0;
  await withServer(
    'http',
    (peer) => {
      const act = acts[Math.min(connections, acts.length - 1)];
      connections++;
      act?.(peer);
    },
    async (server) => {
      const options = { ...changes.options, ...(plan === null ? {} : { reconnect: plan }) };
      const request: RequestSpec = requestFor(server.url, { ...changes, options });
      const sink = new FollowingSink(request);
      const opened = openCapture(request, sink, {
        limits: defaultLimits,
        environment: {},
        wait: (millis, act) => {
          waits.push(millis);
          const next = setImmediate(act);
          return () => {
            clearImmediate(next);
          };
        },
      });
      if (!opened.ok) throw new Error(opened.failure.message);
      prepare(sink, () => opened.value);
      await opened.value.done;
      const lastEventIds = server.requests.map((text) => /^last-event-id: *(.*?)\r$/im.exec(text)?.[1] ?? null);
      seen = { sink, requests: server.requests, waits, lastEventIds };
    },
  );
  if (seen === undefined) throw new Error('nothing was seen');
  return seen;
}

describe('reconnecting to Server-Sent Events, HTML Standard §9.2.3', () => {
  it('is off unless it is asked for', async () => {
    const { sink, requests } = await follow([stream('data: 1\n\n')], null);
    expect(requests).toHaveLength(1);
    expect(sink.ending?.code).toBe('end/complete');
  });

  it('connects again after a complete end, from the last event id, after the time of the retry field', async () => {
    const acts = [stream('retry: 1200\nid: 7\ndata: a\n\n'), stream('id: 8\ndata: b\n\n'), say(noContent)];
    const { sink, lastEventIds, waits } = await follow(acts, sse);
    expect(lastEventIds).toEqual([null, '7', '8']);
    expect(waits).toEqual([1200, 1200]);
    expect(sink.frames).toEqual(['event: retry: 1200\nid: 7\ndata: a\n\n', 'event: id: 8\ndata: b\n\n']);
    expect(sink.ending).toMatchObject({ kind: 'complete', code: 'end/complete' });
    expect(sink.heads.map(({ status }) => status)).toEqual([200, 200, 204]);
    expect(sink.reconnections).toMatchObject([
      { after: { code: 'end/complete' }, waitMicros: 1_200_000, resumedFrom: '7', firstChunk: 1, wireOffset: 27 },
      { after: { code: 'end/complete' }, waitMicros: 1_200_000, resumedFrom: '8', firstChunk: 2 },
    ]);
  });

  it('waits three seconds where nobody says how long, or as long as the request says', async () => {
    const acts = [stream('data: a\n\n'), say(noContent)];
    expect((await follow(acts, sse)).waits).toEqual([3000]);
    expect((await follow(acts, { ...sse, waitMillis: 40 })).waits).toEqual([40]);
    expect((await follow([stream('retry: 5\n\n'), say(noContent)], { ...sse, waitMillis: 40 })).waits).toEqual([5]);
    expect((await follow([stream('retry: 5s\n\n'), say(noContent)], { ...sse, waitMillis: 40 })).waits).toEqual([40]);
  });

  it.each([
    ['an empty id resets it', 'id: 7\ndata: a\n\nid:\ndata: b\n\n', null],
    ['an id with NUL does not count', 'id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n', '7'],
    ['an id without data counts', 'id: 7\n\n', '7'],
    ['an id of an event that was never dispatched does not', 'id: 7\ndata: a\n\nid: 8\ndata: b\n', '7'],
    ['the last id of a block counts', 'id: 6\nid: 7\ndata: a\n\n', '7'],
    ['an event without an id leaves it', 'id: 7\ndata: a\n\ndata: b\n\n', '7'],
    ['CR and CRLF end lines too', 'id: 6\rdata: a\r\rid: 7\r\ndata: b\r\n\r\n', '7'],
    ['a byte order mark stands before the first line only', '\ufeffid: 7\ndata: a\n\n', '7'],
  ])('last event id: %s', async (_name, body, expected) => {
    const { lastEventIds } = await follow([stream(body), say(noContent)], sse);
    expect(lastEventIds).toEqual([null, expected]);
  });

  it('keeps the last event id over a connection that gives none, and one given by hand until the stream gives one', async () => {
    const headers = [['last-event-id', '3']] as const;
    const acts = [stream('data: a\n\n'), stream('id: 7\ndata: b\n\n'), stream('data: c\n\n'), say(noContent)];
    const { lastEventIds } = await follow(acts, sse, { headers });
    expect(lastEventIds).toEqual(['3', '3', '7', '7']);
  });

  it('drops what was unfinished, and reads the next body as a stream of its own', async () => {
    const acts = [
      sayAndClose(eventStream + chunk('\ufeffid: 1\ndata: a\n\nid: 2\ndata: cut off')),
      stream('\ufeffid: 2\ndata: b\n\n'),
      say(noContent),
    ];
    const { sink, lastEventIds } = await follow(acts, sse);
    expect(lastEventIds).toEqual([null, '1', '2']);
    expect(sink.frames).toEqual([
      'event: id: 1\ndata: a\n\n',
      'incomplete: id: 2\ndata: cut off',
      'event: id: 2\ndata: b\n\n',
    ]);
    expect(sink.reconnections[0]?.after.kind).toBe('cut');
    expect(sink.codes).toContain('reconnect/resumed');
  });

  it('gives each connection marks of its own behind a mark reconnect', async () => {
    const { sink } = await follow([stream('data: a\n\n'), say(noContent)], sse);
    const connection = ['connect', 'request-sent', 'headers'];
    expect(sink.markNames).toEqual([...connection, 'first-byte', 'reconnect', ...connection, 'end']);
    const times = sink.marks.map(({ atMicros }) => atMicros);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it.each([
    ['status 500', 'HTTP/1.1 500 Oh\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n', { status: 500 }],
    ['status 205', 'HTTP/1.1 205 Reset\r\nContent-Length: 0\r\n\r\n', { status: 205 }],
    [
      'another content type',
      'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>',
      { status: 200, contentType: 'text/html' },
    ],
    ['no content type', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', { status: 200, contentType: '' }],
  ])('stops for good at %s, and says so', async (_name, answer, details) => {
    const { sink, requests } = await follow([stream('data: a\n\n'), say(answer)], sse);
    expect(requests).toHaveLength(2);
    expect(sink.findings).toEqual([{ code: 'reconnect/refused', details }]);
    expect(sink.ending?.code).toBe('end/complete');
  });

  it('stops at 204 without a word of blame', async () => {
    const { sink } = await follow([stream('data: a\n\n'), say(noContent)], sse);
    expect(sink.findings).toEqual([]);
  });

  it.each([301, 307])(
    'follows a redirect of status %i on each connection, if redirects are followed',
    async (status) => {
      const moved = say(`HTTP/1.1 ${String(status)} Moved\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n`);
      const acts = [moved, stream('id: 1\ndata: a\n\n'), moved, say(noContent)];
      const { requests, lastEventIds } = await follow(acts, sse);
      expect(requests.map((text) => text.split(' ')[1])).toEqual(['/stream', '/there', '/stream', '/there']);
      expect(lastEventIds).toEqual([null, null, '1', '1']);
    },
  );

  it('tries network errors again up to the attempts, doubling the wait while nobody answers', async () => {
    const acts = [stream('data: a\n\n'), sayAndClose('')];
    const { sink, requests, waits } = await follow(acts, { kind: 'sse', attempts: 4, waitMillis: 100 });
    expect(requests).toHaveLength(5);
    expect(waits).toEqual([100, 100, 200, 400]);
    expect(sink.ending?.code).toBe('end/closed-before-answer');
    expect(sink.reconnections.map(({ after }) => after.code)).toEqual([
      'end/complete',
      'end/closed-before-answer',
      'end/closed-before-answer',
      'end/closed-before-answer',
    ]);
  });

  it('goes on after a first connection that brought no answer', async () => {
    const { sink, lastEventIds } = await follow([sayAndClose(''), stream('id: 1\ndata: a\n\n'), say(noContent)], sse);
    expect(lastEventIds).toEqual([null, null, '1']);
    expect(sink.frames).toEqual(['event: id: 1\ndata: a\n\n']);
    expect(sink.codes).not.toContain('reconnect/no-position');
  });

  it('does not try again where that is futile', async () => {
    const { sink, requests } = await follow([stream('data: a\n\n'), say('ICY 200 OK\r\n\r\n')], sse);
    expect(requests).toHaveLength(2);
    expect(sink.ending?.kind).toBe('invalid');
  });

  it('ends at once when it is stopped while it waits', async () => {
    const { sink, requests } = await follow([stream('data: a\n\n')], sse, {}, (following, capture) => {
      following.onReconnecting = () => {
        queueMicrotask(() => {
          capture().stop({ by: 'user' });
        });
      };
    });
    expect(requests).toHaveLength(1);
    expect(sink.ending).toMatchObject({ kind: 'stopped', code: 'end/stopped' });
    expect(sink.reconnections).toMatchObject([{ atMicros: null, after: { code: 'end/complete' } }]);
  });

  it('ends at once when it is stopped just as a connection ends', async () => {
    const { sink, requests } = await follow([stream('data: a\n\n')], sse, {}, (following, capture) => {
      following.onReconnecting = () => {
        capture().stop({ by: 'user' });
      };
    });
    expect(requests).toHaveLength(1);
    expect(sink.ending?.code).toBe('end/stopped');
  });

  it('does not connect again after a stop of the user or a limit', async () => {
    const { given, give } = signal();
    const { requests, sink } = await follow(
      [say(eventStream + chunk('data: a\n\n'))],
      sse,
      {},
      (following, capture) => {
        following.onFrame = () => {
          capture().stop({ by: 'user' });
          give();
        };
      },
    );
    await given;
    expect(requests).toHaveLength(1);
    expect(sink.ending?.code).toBe('end/stopped');
    const limited = await follow([stream('data: a\n\n')], sse, { options: { maxBytes: 12 } });
    expect(limited.requests).toHaveLength(2);
    expect(limited.sink.ending).toMatchObject({ code: 'end/byte-limit', offset: 12 });
  });

  it('decodes each connection anew', async () => {
    const coded = (body: string) => (peer: Peer) => {
      const bytes = gzipSync(body);
      void peer.write(
        `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nContent-Length: ${String(bytes.byteLength)}\r\n\r\n`,
      );
      void peer.write(bytes);
    };
    const { sink } = await follow([coded('id: 1\ndata: a\n\n'), coded('id: 2\ndata: b\n\n'), say(noContent)], sse);
    expect(sink.frames).toEqual(['event: id: 1\ndata: a\n\n', 'event: id: 2\ndata: b\n\n']);
  });

  it('says that nobody can tell what is missing where there are no ids, or ids that do not count', async () => {
    const without = await follow([stream('data: a\n\n'), stream('data: b\n\n'), say(noContent)], sse);
    expect(without.sink.codes.filter((code) => code.startsWith('reconnect/'))).toEqual(['reconnect/no-position']);
    const opaque = await follow([stream('id: x\ndata: a\n\n'), stream('id: y\ndata: b\n\n'), say(noContent)], sse);
    const found = opaque.sink.analysis.diagnostics.kept.filter(({ diagnostic }) =>
      diagnostic.code.startsWith('reconnect/'),
    );
    expect(found.map(({ diagnostic }) => diagnostic.message)).toEqual([
      'The server went on with “y” after “x”; these ids do not count up, so whether anything between them is missing is unknown.',
    ]);
  });

  it('does not send an id that cannot stand in a header, and says so', async () => {
    const { sink, requests } = await follow([stream('id: a\x01b\ndata: a\n\n')], sse);
    expect(requests).toHaveLength(1);
    expect(sink.findings).toMatchObject([{ code: 'reconnect/unsendable-position' }]);
  });
});

const ndjson = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('the resume recipe for records', () => {
  const recipe: ReconnectPlan = { kind: 'records', attempts: 3, field: 'meta.cursor', into: 'query', name: 'after' };
  const record = (cursor: number): string => `{"meta":{"cursor":${String(cursor)}}}\n`;

  it('asks again after a cut from the last whole record, until the answer is complete', async () => {
    const acts = [
      sayAndClose(ndjson + chunk(record(1) + record(2) + '{"meta":{"cur')),
      say(ndjson + chunk(record(3)) + last),
    ];
    const { sink, requests } = await follow(acts, recipe);
    expect(requests.map((text) => text.split(' ')[1])).toEqual(['/stream', '/stream?after=2']);
    expect(sink.ending?.code).toBe('end/complete');
    expect(sink.analysis.frames.count).toBe(4);
    expect(sink.codes).toContain('reconnect/resumed');
  });

  it('asks again without a position as long as there is no record, and puts it into a header if told so', async () => {
    const acts = [sayAndClose(ndjson), sayAndClose(ndjson + chunk(record(5))), say(ndjson + chunk(record(6)) + last)];
    const { requests } = await follow(acts, { ...recipe, into: 'header', name: 'X-After' });
    expect(requests.map((text) => /^x-after: *(.*?)\r$/im.exec(text)?.[1] ?? null)).toEqual([null, null, '5']);
  });

  it('gives up when the attempts are used, with the ending of the last connection', async () => {
    const { sink, requests } = await follow([sayAndClose(ndjson + chunk(record(1)))], recipe);
    expect(requests).toHaveLength(4);
    expect(sink.ending).toMatchObject({ kind: 'cut', code: 'end/no-last-chunk' });
  });

  it('keeps the digits of an integer beyond doubles', async () => {
    const body = '{"meta":{"cursor":9007199254740993}}\n';
    const { requests } = await follow([sayAndClose(ndjson + chunk(body)), say(ndjson + last)], recipe);
    expect(requests[1]?.split(' ')[1]).toBe('/stream?after=9007199254740993');
  });

  it('finds what a server repeats and what it leaves out, with numbers and places', async () => {
    const first = sayAndClose(ndjson + chunk(record(1) + record(2) + record(3)));
    const then = (...cursors: number[]) => [first, say(ndjson + chunk(cursors.map(record).join('')) + last)];
    const found = async (acts: Acts) =>
      (await follow(acts, recipe)).sink.analysis.diagnostics.kept
        .map(({ diagnostic }) => diagnostic)
        .filter(({ code }) => code.startsWith('reconnect/'))
        .map(({ code, frame, message }) => ({ code, frame, message }));
    expect(await found(then(4, 5))).toEqual([
      { code: 'reconnect/resumed', frame: 3, message: 'The server went on with “4” right after “3”.' },
    ]);
    expect(await found(then(2, 3, 4))).toEqual([
      { code: 'reconnect/duplicates', frame: 3, message: '2 frames came again, from “2” to “3”.' },
    ]);
    expect(await found(then(9, 10))).toMatchObject([{ code: 'reconnect/hole', frame: 3 }]);
    expect((await found(then(9)))[0]?.message).toContain('5 frames missing');
    expect(await found(then(1, 2))).toMatchObject([
      { code: 'reconnect/not-resumed', frame: 3 },
      { code: 'reconnect/duplicates', frame: 3 },
    ]);
  });
});

describe('the reconnect lab', () => {
  it('asks a server once that starts over and ends well', async () => {
    const acts = [stream('id: 1\ndata: a\n\n', 'id: 2\ndata: b\n\n')];
    const { sink, lastEventIds } = await follow(acts, sse, { options: { cutAfterFrames: 1 } }, (following, capture) => {
      following.onFrame = () => {
        if (following.analysis.isFrameLimitReached) capture().stop({ by: 'lab', frames: 1 });
      };
    });
    expect(lastEventIds).toEqual([null, '1']);
    expect(sink.ending?.code).toBe('end/complete');
  });

  it('cuts after exactly the frames asked for, whatever came in the same read, and then reconnects as planned', async () => {
    const events = Array.from({ length: 10 }, (_, n) => `id: ${String(n + 1)}\ndata: ${String(n)}\n\n`);
    const acts = [stream(events.join('')), stream(events.slice(4).join(''))];
    const { sink, lastEventIds } = await follow(acts, sse, { options: { cutAfterFrames: 3 } }, (following, capture) => {
      following.onFrame = () => {
        if (following.analysis.isFrameLimitReached) capture().stop({ by: 'lab', frames: 3 });
      };
    });
    expect(lastEventIds).toEqual([null, '3']);
    expect(sink.reconnections[0]?.after).toMatchObject({ kind: 'stopped', code: 'end/lab-cut' });
    expect(sink.frames).toHaveLength(9);
    const hole = sink.analysis.diagnostics.kept.find(({ diagnostic }) => diagnostic.code === 'reconnect/hole');
    expect(hole?.diagnostic).toMatchObject({ frame: 3, severity: 'error' });
    expect(hole?.diagnostic.message).toContain('1 frame missing: 5 follows 3');
  });
});
