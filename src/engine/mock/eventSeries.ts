import { type MockAnswer, streamAnswer } from './answer.ts';
import { inChunks } from './inChunks.ts';
import { type MockStep, textStep } from './step.ts';

/** Server-Sent Events with ids from 1, each of which can be made without those before it. */
export interface EventSeries {
  readonly count: number;
  /** @param index counts from 0 */
  readonly event: (index: number) => SeriesEvent;
  /** What a client waits before it asks again. */
  readonly retryMillis: number;
  /** A comment half-way to every so many-th event; 0: none. */
  readonly heartbeatEvery?: number;
  /** An event `error` without an id, behind so many events; 0: none. Where `isLast`, nothing comes after it. */
  readonly error?: { readonly after: number; readonly data: object; readonly isLast: boolean };
  /** So many events a connection; then it is ended, or lost without an end. Absent: all of them. */
  readonly perConnection?: { readonly count: number; readonly ending: 'close' | 'cut' };
}

export interface SeriesEvent {
  readonly name: string;
  readonly data: object;
  readonly delayMillis: number;
}

/**
 * The stream from behind the `Last-Event-ID`, or from its start. A client that has the last event is answered with 204,
 * which tells an EventSource to stop (HTML Standard §9.2.3).
 * @param chunkSize as `inChunks` takes it
 */
export function answerSeries(series: EventSeries, lastEventId: string | null, chunkSize: number): MockAnswer {
  const asked = lastEventId === null || lastEventId === '' ? '0' : lastEventId;
  const id = /^\d{1,10}$/.test(asked) ? Number(asked) : Number.NaN;
  if (id === series.count && id > 0) return { kind: 'whole', status: 204, headers: [], text: '' };
  const isKnown = id < series.count || id === 0;
  const greeting = !isKnown
    ? 'the Last-Event-ID is not one of this stream: it starts over'
    : id > 0
      ? `resumed after event ${String(id)}`
      : '';
  return streamAnswer('text/event-stream', inChunks(seriesSteps(series, isKnown ? id : 0, greeting), chunkSize));
}

function* seriesSteps(series: EventSeries, from: number, greeting: string): Generator<MockStep, void, undefined> {
  const { count, retryMillis, heartbeatEvery = 0, error, perConnection } = series;
  const last = perConnection === undefined ? count : Math.min(count, from + perConnection.count);
  if (greeting !== '') yield textStep(0, `: ${greeting}\n\n`);
  // A block of `retry` alone would carry no data, so the first event brings it along.
  let preamble = `retry: ${String(retryMillis)}\n`;
  for (let index = from; index < last; index++) {
    const { name, data, delayMillis } = series.event(index);
    const beats = heartbeatEvery > 0 && index > from && index % heartbeatEvery === 0;
    if (beats) yield textStep(delayMillis / 2, ': keep-alive\n\n');
    const event = textStep(
      beats ? delayMillis / 2 : delayMillis,
      `${preamble}id: ${String(index + 1)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
    );
    preamble = '';
    const isLost = index + 1 === last && last < count && perConnection?.ending === 'cut';
    yield isLost ? { ...event, isLast: 'cut' } : event;
    if (error === undefined || error.after === 0 || index + 1 !== error.after) continue;
    yield textStep(0, `event: error\ndata: ${JSON.stringify(error.data)}\n\n`);
    if (error.isLast) return;
  }
}
