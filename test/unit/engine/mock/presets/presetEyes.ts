import type { MockAnswer, MockCall } from '../../../../../src/engine/mock/answer.ts';
import { findEndpoint } from '../../../../../src/engine/mock/endpoints.ts';
import { Analysis } from '../../../../../src/engine/recording/analysis.ts';
import { headerValue } from '../../../../../src/shared/headerValue.ts';
import { defaultLimits } from '../../../../../src/shared/limits.ts';
import type { FrameKind } from '../../../../../src/shared/words.ts';

/** What the mock answers to `GET /path?query` or `POST /path?query`, without a server. */
export function ask(target: string, call: Partial<MockCall> = {}): MockAnswer {
  const [method = 'GET', address = ''] = target.split(' ');
  const [path = '', query = ''] = address.split('?');
  const found = findEndpoint(method, path);
  if (found === undefined) throw new Error(`nothing at ${target}`);
  return found.endpoint.answer({
    method,
    path,
    parameters: found.parameters,
    query: new URLSearchParams(query),
    headers: {},
    authorization: null,
    lastEventId: null,
    body: '',
    ...call,
  });
}

/** The body's chunks of an answer that is a stream. */
export function chunksOf(answer: MockAnswer): Uint8Array[] {
  return answer.kind === 'stream' ? Array.from(answer.steps, ({ bytes }) => bytes) : [Buffer.from(answer.text)];
}

/** The whole body as text; fails where it is no UTF-8. */
export function textOf(answer: MockAnswer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunksOf(answer)));
}

export interface Seen {
  readonly framing: string | null;
  readonly dialect: string | null;
  /** Frames by kind. */
  readonly kinds: Readonly<Partial<Record<FrameKind, number>>>;
  /** Codes of findings of severity error or warning, each once. */
  readonly bad: readonly string[];
}

/** A body as the product reads it. */
export function seen(answer: MockAnswer, chunks: readonly Uint8Array[] = chunksOf(answer)): Seen {
  const blocks: Uint8Array[] = [];
  const kinds: Partial<Record<FrameKind, number>> = {};
  const analysis = new Analysis(
    { put: (n, _summary, bytes) => void (blocks[n] = bytes), get: (n) => blocks[n] ?? new Uint8Array(0) },
    {
      contentType: headerValue(answer.headers, 'content-type'),
      url: null,
      framing: null,
      limits: defaultLimits,
      timesKnown: false,
      onFrame: ({ kind }) => {
        kinds[kind] = (kinds[kind] ?? 0) + 1;
      },
    },
  );
  chunks.forEach((bytes, n) => {
    analysis.chunk(0, bytes.length);
    analysis.body(n, 0, bytes);
  });
  analysis.end();
  const bad = analysis.diagnostics.kept
    .filter(({ diagnostic }) => diagnostic.severity !== 'info')
    .map(({ diagnostic }) => diagnostic.code);
  return {
    framing: analysis.decision?.framing ?? null,
    dialect: analysis.dialect?.decision?.dialect ?? null,
    kinds,
    bad: [...new Set(bad)].sort(),
  };
}
