import type { CallName } from '../../src/shared/calls.ts';
import type { FrameRows } from '../../src/shared/columns.ts';
import type { EventName, Events } from '../../src/shared/events.ts';
import { FailureError } from '../../src/shared/failure.ts';
import type { CallContext, EngineService, Handlers, SessionId } from '../../src/main/rpc/handlers.ts';

/** Ids that make `recording.read` do what a test wants to see. */
export const behaviours = {
  missing: 'missing',
  /** Throws what no window may see. */
  bug: 'bug',
  /** Answers when the test says so, and rejects when aborted. */
  held: 'held',
  /** Never answers and does not look at its signal. */
  deaf: 'deaf',
  /** Answers with something no transport can carry. */
  uncloneable: 'uncloneable',
} as const;

export const secretDetail = 'path /home/someone/secret.txt';
export const bigBytes = 32 * 1024 * 1024;

export interface HeldCall {
  readonly context: CallContext;
  release(): void;
}

/** An engine whose every answer a test can foretell, with what it saw of its callers. */
export interface ContractService extends EngineService {
  emit<Name extends EventName>(event: Name, payload: Events[Name]): void;
  /** Resolves with the next call that is held, or one that is held already. */
  nextHeld(): Promise<HeldCall>;
  listenerCount(event: EventName): number;
  /** Resolves when `condition` holds; looked at whenever the engine's state changes. */
  until(condition: () => boolean): Promise<void>;
  readonly endedSessions: readonly SessionId[];
  readonly receivedPieces: readonly Uint8Array[];
  readonly answeredCalls: number;
}

/** Views of every kind a result may hold: own buffers, a window into a larger one, and memory shared by threads. */
export function exampleRows(): FrameRows {
  const numbers = new Float64Array([99, 0, Number.NaN, -0, Number.MAX_SAFE_INTEGER, -1e-300, Infinity, 99]);
  const shared = new Uint8Array(new SharedArrayBuffer(16), 4, 6);
  shared.set([1, 2, 3, 4, 5, 255]);
  const counts = new Uint32Array([0, 1, 2, 3, 4, 4_294_967_295]);
  const six = new Float64Array(6);
  return {
    from: 1_180,
    total: 1_000_000,
    n: numbers.subarray(1, 7),
    offset: six,
    length: six.map((_, index) => index * 240),
    micros: six.map((_, index) => index * 1_000 + 0.5),
    gapMicros: six.fill(7),
    kind: shared,
    flags: new Uint8Array(Buffer.from([0, 1, 2, 3, 4, 5])),
    chunk: new Float64Array(6),
    indexInChunk: counts,
    framesInChunk: counts,
    type: ['', 'order', 'progress', 'é', '漢字', '🙂'],
    id: ['', '7', '', '', '', ''],
    preview: ['', '␀', 'a\u2028b \u202e c', '{"a":1}', '', 'x'.repeat(2_000)],
    stall: new Uint8Array(6),
    deltas: {
      kind: new Uint8Array([0, 1, 2, 4, 8, 16]),
      units: new Float64Array([0, 1, 2, 3, 4, 5]),
      text: ['', ' retry', '漢字', '🙂', 'get_status {"', '\u0000'],
      tokensPerUnit: { ratio: 0.25, source: 'assumed' },
    },
  };
}

export function createContractService(): ContractService {
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const heldCalls: HeldCall[] = [];
  const waiting = new Set<() => void>();
  const endedSessions: SessionId[] = [];
  const receivedPieces: Uint8Array[] = [];
  let answeredCalls = 0;

  const changed = () => {
    for (const look of [...waiting]) look();
  };
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!condition()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });

  const held = (context: CallContext) =>
    new Promise<void>((resolve, reject) => {
      heldCalls.push({ context, release: resolve });
      context.signal.addEventListener('abort', () => {
        changed();
        reject(new DOMException('aborted', 'AbortError'));
      });
      changed();
    });

  const rows = exampleRows();
  const answers: Partial<Handlers> = {
    'engine.describe': () => ({
      version: '1.2.3',
      runtime: 'contract suite',
      host: 'memory',
      recordingsFolder: '/recordings',
      sqliteVersion: '3.53.0',
      decodes: ['gzip'],
      rules: [],
      dialects: [],
      notices: [],
    }),
    'recording.stop': () => ({ stopped: true }),
    'replay.start': ({ id, options, port }) => ({
      replayId: 'replay',
      recordingId: id,
      name: `port ${String(port ?? 'any')}`,
      url: 'http://127.0.0.2:4020/',
      method: 'GET',
      options,
      notes: [],
      activeClients: 0,
      served: 0,
      left: 0,
      sentBytes: 0,
      waitingForStep: 0,
      log: [],
    }),
    'replay.step': () => ({ clients: 2 }),
    'recording.rows': () => rows,
    'recording.bytes': ({ length }) => ({ bytes: new Uint8Array(Math.max(length, bigBytes)).fill(171) }),
    'recording.open': ({ request }) => ({ id: `${request.body.kind}-${String(request.headers.length)}` }),
    'recording.read': async ({ id }, context) => {
      if (id === behaviours.missing) {
        throw new FailureError({
          code: 'recording/not-found',
          message: 'There is no recording with this id.',
          data: { id, tried: 2, deep: true },
          retry: false,
        });
      }
      if (id === behaviours.held) await held(context);
      if (id === behaviours.deaf) {
        heldCalls.push({ context, release: () => {} });
        context.signal.addEventListener('abort', changed);
        changed();
        await new Promise(() => {});
      }
      if (id === behaviours.uncloneable) return { summary: () => {} } as never;
      throw new Error(`a bug: ${secretDetail}`);
    },
    'compare.frames': ({ criterion, ignore, from }) => ({
      criterion,
      first: { bytes: { left: 0, right: null }, payload: { left: 3, right: 2 }, json: null },
      leftFrames: 4,
      rightFrames: ignore.length,
      pairing: 'common',
      same: 1,
      changed: 1,
      leftOnly: 1,
      rightOnly: 0,
      leftBeyond: 0,
      rightBeyond: 0,
      from,
      total: 3,
      left: new Float64Array([9, 0, 1, 2]).subarray(1),
      right: new Float64Array([0, 1, -1]),
      relation: new Uint8Array([0, 1, 2]),
      leftPreview: ['a', '␀', 'x'],
      rightPreview: ['a', 'b', ''],
    }),
    'run.start': ({ count, objectives }) => ({ id: `${String(count)} ${objectives}` }),
    'export.preview': () => ({ hidden: [{ kind: 'header authorization', count: 2 }], isDecoded: false }),
    'export.begin': ({ format }) => ({ exportId: `export as ${format}`, name: 'r.har' }),
    'export.read': () => ({ bytes: new Uint8Array(Buffer.from('piece')), share: 0.5, isLast: false }),
    'export.end': () => ({}),
    'import.append': ({ bytes }) => {
      receivedPieces.push(bytes);
      return { receivedBytes: bytes.length };
    },
  };

  const unanswered = (name: string) => () => {
    throw new Error(`the contract suite does not call ${name}`);
  };
  const handlers = new Proxy(answers as Handlers, {
    get: (target, name: string) => {
      const handler = target[name as CallName] as ((input: unknown, context: CallContext) => unknown) | undefined;
      if (handler === undefined) return unanswered(name);
      return async (input: unknown, context: CallContext) => {
        try {
          return await handler(input, context);
        } finally {
          answeredCalls++;
          changed();
        }
      };
    },
  });

  return {
    handlers,
    subscribe(event, listener) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      changed();
      return () => {
        set.delete(listener);
        changed();
      };
    },
    sessionEnded(session) {
      endedSessions.push(session);
      changed();
    },
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) listener(payload as never);
    },
    async nextHeld() {
      await until(() => heldCalls.length > 0);
      return heldCalls.shift()!;
    },
    listenerCount: (event) => listeners.get(event)?.size ?? 0,
    until,
    endedSessions,
    receivedPieces,
    get answeredCalls() {
      return answeredCalls;
    },
  };
}
