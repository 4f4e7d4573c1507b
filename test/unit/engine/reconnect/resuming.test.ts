import { describe, expect, it } from 'vitest';
import {
  decideReconnect,
  type EndedConnection,
  type ReconnectState,
} from '../../../../src/engine/reconnect/reconnectPolicy.ts';
import { recordField } from '../../../../src/engine/reconnect/recordField.ts';
import { resumedRequest } from '../../../../src/engine/reconnect/resumedRequest.ts';
import { defaultRequestOptions, type ReconnectPlan, type RequestSpec } from '../../../../src/shared/request.ts';
import type { EndingKind } from '../../../../src/shared/words.ts';

describe('the field of a record', () => {
  it.each([
    ['{"id":7}', 'id', '7'],
    ['{"id":"a b"}', 'id', 'a b'],
    ['{"meta":{"cursor":"x"}}', 'meta.cursor', 'x'],
    ['{"meta.cursor":"whole","meta":{"cursor":"x"}}', 'meta.cursor', 'whole'],
    ['{"rows":[{"id":1},{"id":2}]}', 'rows.1.id', '2'],
    ['{"id":12345678901234567890}', 'id', '12345678901234567890'],
    ['{"id":1.50}', 'id', '1.50'],
    ['{"id":""}', 'id', undefined],
    ['{"id":null}', 'id', undefined],
    ['{"id":{}}', 'id', undefined],
    ['{"id":true}', 'id', undefined],
    ['{}', 'constructor', undefined],
    ['[1]', 'id', undefined],
    ['7', 'id', undefined],
    ['{"id":', 'id', undefined],
  ])('of %s at %s is %s', (text, field, expected) => {
    expect(recordField(text, field)).toBe(expected);
  });
});

describe('the request of a later connection', () => {
  const request: RequestSpec = {
    method: 'GET',
    url: 'https://example.com/x?a=%20b&after=1&c=d+e#top',
    headers: [
      ['Accept', 'text/event-stream'],
      ['last-event-ID', '3'],
    ],
    body: { kind: 'none' },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };
  const records = { kind: 'records', attempts: 1, field: 'id', name: 'after' } as const;

  it('has one Last-Event-ID, or none', () => {
    const plan: ReconnectPlan = { kind: 'sse', attempts: 1 };
    expect(resumedRequest(request, plan, '9').headers).toEqual([
      ['Accept', 'text/event-stream'],
      ['Last-Event-ID', '9'],
    ]);
    expect(resumedRequest(request, plan, null).headers).toEqual([['Accept', 'text/event-stream']]);
  });

  it('has the position in the query, and everything else as it was spelt', () => {
    const { url } = resumedRequest(request, { ...records, into: 'query' }, 'a&b');
    expect(url).toBe('https://example.com/x?a=%20b&c=d+e&after=a%26b#top');
    const bare = resumedRequest({ ...request, url: 'http://h/x' }, { ...records, into: 'query' }, '1');
    expect(bare.url).toBe('http://h/x?after=1');
    expect(resumedRequest(request, { ...records, into: 'query' }, null)).toBe(request);
  });
});

describe('whether another connection follows', () => {
  const sse: ReconnectPlan = { kind: 'sse', attempts: 3, waitMillis: 1_000 };
  const fresh: ReconnectState = { used: 0, unanswered: 0, retryMillis: null, wasLabCut: false };
  const connection = (kind: EndingKind, code: string, status: number | null): EndedConnection => ({
    ending: { kind, code, message: '', offset: null, atMicros: 0 },
    head:
      status === null
        ? null
        : {
            status,
            statusText: '',
            httpVersion: '1.1',
            headers: [['Content-Type', 'text/event-stream; charset=utf-8']],
            atMicros: 0,
          },
  });

  it.each([
    ['a complete answer', connection('complete', 'end/complete', 200), 'again'],
    ['a cut', connection('cut', 'end/reset', 200), 'again'],
    ['the cut of the lab', connection('stopped', 'end/lab-cut', 200), 'again'],
    ['no answer', connection('refused', 'end/connect-refused', null), 'again'],
    ['no answer in time', connection('timeout', 'end/headers-timeout', null), 'again'],
    ['204', connection('complete', 'end/complete', 204), 'over'],
    ['a stop of the user', connection('stopped', 'end/stopped', 200), 'over'],
    ['the time limit', connection('timeout', 'end/max-time', 200), 'over'],
    ['a full disk', connection('failed-local', 'end/disk', 200), 'over'],
    ['a certificate that is refused', connection('refused', 'end/tls-certificate', null), 'over'],
    ['what is no HTTP', connection('invalid', 'end/not-http', null), 'over'],
  ])('after %s: %s', (_name, ended, expected) => {
    expect(decideReconnect(sse, ended, fresh).kind).toBe(expected);
  });

  it('ends a lab with the first complete answer after its own cut, and not with another cut', () => {
    const lab = { ...fresh, used: 1, wasLabCut: true };
    expect(decideReconnect(sse, connection('complete', 'end/complete', 200), lab)).toEqual({
      kind: 'over',
      refused: null,
    });
    expect(decideReconnect(sse, connection('cut', 'end/reset', 200), lab).kind).toBe('again');
    expect(decideReconnect(sse, connection('complete', 'end/complete', 404), lab)).toEqual({
      kind: 'over',
      refused: { status: 404 },
    });
  });

  it('is refused by other statuses, and for records only by those', () => {
    const refused = { kind: 'over', refused: { status: 404 } };
    const records: ReconnectPlan = { kind: 'records', attempts: 3, field: 'id', into: 'query', name: 'after' };
    expect(decideReconnect(sse, connection('complete', 'end/complete', 404), fresh)).toEqual(refused);
    expect(decideReconnect(records, connection('complete', 'end/complete', 404), fresh)).toEqual(refused);
    expect(decideReconnect(records, connection('complete', 'end/complete', 200), fresh)).toEqual({
      kind: 'over',
      refused: null,
    });
    expect(decideReconnect(records, connection('cut', 'end/reset', 206), fresh).kind).toBe('again');
  });

  it('waits twice as long each time nobody answers, up to half a minute, or the wait that is asked for', () => {
    const none = connection('refused', 'end/connect-refused', null);
    const waits = [1, 2, 3, 6, 7, 40].map((unanswered) => decideReconnect(sse, none, { ...fresh, unanswered }));
    expect(waits.map((wait) => (wait.kind === 'again' ? wait.waitMillis : null))).toEqual([
      1_000, 2_000, 4_000, 30_000, 30_000, 30_000,
    ]);
    const slow = decideReconnect(sse, none, { ...fresh, unanswered: 5, retryMillis: 60_000 });
    expect(slow).toEqual({ kind: 'again', waitMillis: 60_000 });
    const endless = decideReconnect(sse, none, { ...fresh, unanswered: 1, retryMillis: 1e300 });
    expect(endless).toEqual({ kind: 'again', waitMillis: 2_147_483_647 });
  });

  it('ends with the attempts', () => {
    const cut = connection('cut', 'end/reset', 200);
    expect(decideReconnect(sse, cut, { ...fresh, used: 2 }).kind).toBe('again');
    expect(decideReconnect(sse, cut, { ...fresh, used: 3 }).kind).toBe('over');
  });
});
