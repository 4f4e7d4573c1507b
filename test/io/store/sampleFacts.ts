import type { Ending, ExchangeFacts, RecordingSummary } from '../../../src/shared/recording.ts';
import { defaultRequestOptions } from '../../../src/shared/request.ts';

export function factsOf(id: string, more: Partial<ExchangeFacts> = {}): ExchangeFacts {
  return {
    id,
    source: 'request',
    startedAt: Date.UTC(2026, 10, 21, 9),
    request: {
      method: 'GET',
      url: 'http://127.0.0.1:8080/v1/orders/stream',
      headers: [['accept', 'text/event-stream']],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: defaultRequestOptions,
    },
    sentHeaders: [],
    marks: [{ name: 'connect', atMicros: 512, facts: { remote: '127.0.0.1:8080' } }],
    head: null,
    trailers: [],
    ending: null,
    timesKnown: true,
    framingOverride: null,
    uncertaintyMicros: null,
    ...more,
  };
}

export const ending: Ending = {
  kind: 'complete',
  code: 'end/complete',
  message: 'The stream came to its end.',
  offset: null,
  atMicros: 1_000_000,
};

export function summaryOf(facts: ExchangeFacts, more: Partial<RecordingSummary> = {}): RecordingSummary {
  return {
    id: facts.id,
    state: facts.ending === null ? 'live' : 'ended',
    source: facts.source,
    startedAt: facts.startedAt,
    method: 'GET',
    url: facts.request?.url ?? '',
    name: 'stream',
    status: null,
    framing: null,
    dialect: null,
    httpVersion: null,
    endingKind: facts.ending?.kind ?? null,
    durationMicros: null,
    counts: {
      chunks: 0,
      frames: 0,
      wireBytes: 0,
      bodyBytes: 0,
      diagnostics: { error: 0, warning: 0, info: 0 },
      stalls: 0,
      heartbeats: 0,
    },
    sample: false,
    model: null,
    tags: [],
    starred: false,
    note: null,
    sizeOnDisk: null,
    ...more,
  };
}

/** Bytes in which every position can be told from its neighbours. */
export function patternBytes(offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const position = offset + i;
    bytes[i] = (position ^ (position >>> 8) ^ (position >>> 16)) & 0xff;
  }
  return bytes;
}
