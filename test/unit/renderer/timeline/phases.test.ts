import { expect, test } from 'vitest';
import { phasesOf } from '../../../../src/renderer/timeline/phases.ts';
import type { Ending, Mark, RecordingDetail } from '../../../../src/shared/recording.ts';
import { FakeRecording } from '../../../fixtures/fake/fakeRecording.ts';

const whole = new FakeRecording(
  {
    id: 'a',
    name: 'a',
    seed: 1,
    frames: 3,
    framesPerSecond: 10,
    stallEvery: 0,
    faultEvery: 0,
    heartbeatEvery: 0,
    live: false,
    timesKnown: true,
  },
  0,
).detail();

function detailWith(
  marks: readonly Mark[],
  state: 'live' | 'ended' | 'interrupted',
  endMicros: number | null,
): RecordingDetail {
  const ending: Ending | null =
    endMicros === null
      ? null
      : { kind: 'cut', code: 'end/reset', message: 'Reset.', offset: null, atMicros: endMicros };
  return {
    ...whole,
    summary: { ...whole.summary, state },
    exchange: { ...whole.exchange, marks, ending },
    timing: { ...whole.timing, lastChunkMicros: 500 },
  };
}

const named = (detail: RecordingDetail) =>
  phasesOf(detail).map(({ name, fromMicros, toMicros }) => [name, fromMicros, toMicros]);

test('from the name to the end, without holes', () => {
  const marks: readonly Mark[] = [
    { name: 'dns', atMicros: 10 },
    { name: 'connect', atMicros: 30 },
    { name: 'tls', atMicros: 60 },
    { name: 'request-sent', atMicros: 65 },
    { name: 'headers', atMicros: 300 },
    { name: 'first-byte', atMicros: 310 },
    { name: 'end', atMicros: 900 },
  ];
  expect(named(detailWith(marks, 'ended', 900))).toEqual([
    ['dns', 0, 10],
    ['connect', 10, 30],
    ['tls', 30, 60],
    ['send', 60, 65],
    ['wait', 65, 300],
    ['receive', 300, 900],
  ]);
});

test('a live one lasts; an interrupted one ends with its last chunk', () => {
  const marks: readonly Mark[] = [{ name: 'headers', atMicros: 300 }];
  expect(named(detailWith(marks, 'live', null)).at(-1)).toEqual(['receive', 300, null]);
  expect(named(detailWith(marks, 'interrupted', null)).at(-1)).toEqual(['receive', 300, 500]);
});

test('a pause is a phase of its own', () => {
  const marks: readonly Mark[] = [
    { name: 'headers', atMicros: 100 },
    { name: 'paused', atMicros: 200 },
    { name: 'resumed', atMicros: 250 },
  ];
  expect(named(detailWith(marks, 'ended', 400))).toEqual([
    ['wait', 0, 100],
    ['receive', 100, 200],
    ['paused', 200, 250],
    ['receive', 250, 400],
  ]);
});

test('refused before anything was sent: waiting until then', () => {
  expect(named(detailWith([], 'ended', 90))).toEqual([['wait', 0, 90]]);
});

test('without known times there are none', () => {
  const detail = detailWith([{ name: 'headers', atMicros: 3 }], 'ended', 9);
  expect(phasesOf({ ...detail, exchange: { ...detail.exchange, timesKnown: false } })).toEqual([]);
});

test('between two connections there is neither receiving nor waiting for an answer', () => {
  const marks: readonly Mark[] = [
    { name: 'connect', atMicros: 30 },
    { name: 'request-sent', atMicros: 65 },
    { name: 'headers', atMicros: 300 },
    { name: 'reconnect', atMicros: 3_000_400 },
    { name: 'connect', atMicros: 3_000_430 },
    { name: 'headers', atMicros: 3_000_700 },
    { name: 'end', atMicros: 3_000_900 },
  ];
  const after: Ending = { kind: 'cut', code: 'end/reset', message: 'Reset.', offset: 9, atMicros: 400 };
  const reconnection = {
    after,
    waitMicros: 3_000_000,
    atMicros: 3_000_400,
    resumedFrom: '41',
    firstChunk: 1,
    wireOffset: 9,
    head: null,
  };
  const detail = detailWith(marks, 'ended', 3_000_900);
  const exchange = { ...detail.exchange, reconnections: [reconnection] };
  const phases = phasesOf({ ...detail, exchange });
  expect(phases.slice(3)).toEqual([
    { name: 'receive', fromMicros: 300, toMicros: 400 },
    { name: 'reconnect', fromMicros: 400, toMicros: 3_000_400, label: 'reconnected after 3.00 s, Last-Event-ID 41' },
    { name: 'connect', fromMicros: 3_000_400, toMicros: 3_000_430 },
    { name: 'wait', fromMicros: 3_000_430, toMicros: 3_000_700 },
    { name: 'receive', fromMicros: 3_000_700, toMicros: 3_000_900 },
  ]);
  const waiting = {
    ...exchange,
    marks: marks.slice(0, 3),
    ending: null,
    reconnections: [{ ...reconnection, atMicros: null }],
  };
  const live = phasesOf({ ...detailWith([], 'live', null), exchange: waiting });
  expect(live.at(-1)).toEqual({ name: 'reconnect', fromMicros: 400, toMicros: null });
});
