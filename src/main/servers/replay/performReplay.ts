import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReplayStep } from '../../../engine/recording/replay/replaySchedule.ts';
import type { ReplayEnd } from '../../../engine/recording/replay/recordedEnd.ts';
import type { BodyDelimiter } from '../../../engine/recording/replay/replayHead.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { ByteOffset, Micros } from '../../../shared/words.ts';
import type { ReplayClock } from './replayClock.ts';
import type { StepGate } from './stepGate.ts';

export interface ReplayPerformance {
  readonly steps: Iterable<ReplayStep>;
  readonly headText: string;
  readonly delimiter: BodyDelimiter;
  readonly trailers: HeaderList;
  /** The connection stays open after a complete answer. */
  readonly keepsConnection: boolean;
  /** Fresh wire bytes of the recording. */
  readonly read: (from: ByteOffset, length: number) => Uint8Array;
  readonly clock: ReplayClock;
  /** Null: chunks go when they are due. */
  readonly gate: StepGate | null;
  readonly observer: PerformanceObserver;
}

export interface PerformanceObserver {
  /** Body bytes handed to the connection. */
  sent(bytes: number): void;
  /** The client took so long to read that what came next was this much late. */
  heldUp(micros: Micros): void;
}

/** What is due at once travels together up to this size; then other clients get their turn. */
const packBytes = 64 * 1024;

/**
 * Sends one recorded answer on a connection: every step at its own time after this call, however late the one before it
 * was. A client that reads slowly is waited for and nobody else; it then gets at once what was due meanwhile.
 *
 * Holds at most one pack beyond the connection's own buffer. Rejects when the signal aborts.
 * @returns whether the connection may carry another answer
 */
export async function performReplay(
  performance: ReplayPerformance,
  socket: Socket,
  signal: AbortSignal,
): Promise<boolean> {
  const { steps, delimiter, clock, gate, observer, read } = performance;
  const isChunked = delimiter === 'chunked';
  const beginMicros = clock.nowMicros();
  let pack: Uint8Array[] = [];
  let packed = 0;
  let dueMicros = beginMicros;

  const add = (bytes: Uint8Array): void => {
    pack.push(bytes);
    packed += bytes.length;
  };
  const addText = (text: string): void => add(Buffer.from(text, 'utf8'));
  const flush = async (): Promise<void> => {
    if (packed === 0) return;
    const isLarge = packed >= packBytes;
    const bytes = Buffer.concat(pack, packed);
    pack = [];
    packed = 0;
    if (!socket.write(bytes)) {
      await once(socket, 'drain', { signal });
      const lateMicros = clock.nowMicros() - dueMicros;
      if (lateMicros > 0) observer.heldUp(Math.round(lateMicros));
    } else if (isLarge) {
      await nextTurn(undefined, { signal });
    }
  };
  /** Waits until a step is due; answers with its first bytes, which are read while there is time. */
  const wait = async (step: ReplayStep): Promise<Uint8Array | undefined> => {
    dueMicros = beginMicros + step.atMicros;
    if (dueMicros <= clock.nowMicros()) return undefined;
    await flush();
    const first = step.kind === 'data' ? read(step.from, Math.min(packBytes, step.length)) : undefined;
    if (dueMicros > clock.nowMicros()) await clock.sleepUntil(dueMicros, signal);
    return first;
  };
  const pass = async (): Promise<void> => {
    if (gate === null) return;
    await flush();
    await gate.next(signal);
  };

  for (const [step, next] of withNext(steps)) {
    signal.throwIfAborted();
    let prepared = await wait(step);
    switch (step.kind) {
      case 'head':
        addText(performance.headText);
        if (delimiter === 'none') {
          await flush();
          return finish(socket, performance.keepsConnection);
        }
        if (next !== undefined && beginMicros + next.atMicros > clock.nowMicros()) await flush();
        break;
      case 'data':
        if (step.opensBytes !== null) await pass();
        if (isChunked && step.opensBytes !== null) addText(`${step.opensBytes.toString(16)}\r\n`);
        for (let done = 0; done < step.length;) {
          const length = Math.min(packBytes, step.length - done);
          add(prepared ?? read(step.from + done, length));
          prepared = undefined;
          observer.sent(length);
          done += length;
          if (packed >= packBytes) await flush();
        }
        if (isChunked && step.closes) addText('\r\n');
        if (next !== undefined && beginMicros + next.atMicros > clock.nowMicros()) await flush();
        break;
      case 'end':
        await pass();
        if (isChunked) addText(endText(step.end, performance.trailers));
        await flush();
        return end(socket, step.end, performance);
    }
  }
  throw new Error('a schedule without an end');
}

/** Steps with what follows them: known before a step is due, so that nothing stands between a deadline and its write. */
function* withNext(
  steps: Iterable<ReplayStep>,
): Generator<readonly [step: ReplayStep, next: ReplayStep | undefined], void> {
  let held: ReplayStep | undefined;
  for (const step of steps) {
    if (held !== undefined) yield [held, step];
    held = step;
  }
  if (held !== undefined) yield [held, undefined];
}

function endText(end: ReplayEnd, trailers: HeaderList): string {
  if (end.how === 'complete') {
    const lines = trailers.filter(([name, value]) => !/[\x00\r\n]/.test(name + value));
    return `0\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  }
  if (end.afterLastChunk === true) return '0\r\n';
  if (end.announcedBytes !== undefined) return `${end.announcedBytes.toString(16)}\r\n`;
  return end.breakWith ?? '';
}

async function end(
  socket: Socket,
  { how }: ReplayEnd,
  { delimiter, keepsConnection }: ReplayPerformance,
): Promise<boolean> {
  if (how === 'reset') {
    // What the system has not taken yet would be lost with the connection.
    await new Promise<void>((resolve) => socket.write('', () => resolve()));
    socket.resetAndDestroy();
    return false;
  }
  return finish(socket, how === 'complete' && keepsConnection && delimiter !== 'close');
}

function finish(socket: Socket, keepsConnection: boolean): boolean {
  if (!keepsConnection) socket.end();
  return keepsConnection;
}
