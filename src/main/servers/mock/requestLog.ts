import { performance } from 'node:perf_hooks';
import { maskUrl } from '../../../shared/maskSecrets.ts';
import type { MockRequestLine } from '../../../shared/mock.ts';
import type { ReceivedRequest } from './wire/receivedRequest.ts';

/** The newest lines that are kept. */
const keptLines = 1_000;
const longestTarget = 2_048;
const longestClient = 200;

/** A request in the log while it is answered. */
export interface LoggedRequest {
  answered(status: number): void;
  sent(bytes: number): void;
  paused(): void;
  resumed(): void;
  ended(state: 'served' | 'left'): void;
}

type Line = { -readonly [Name in keyof MockRequestLine]: MockRequestLine[Name] };

/** The newest requests as the server saw them. */
export class RequestLog {
  readonly #onChanged: () => void;
  /** A ring: line n is at (n − 1) mod `keptLines`. */
  readonly #lines: Line[] = [];
  #newest = 0;

  /** `onChanged`: a line was added or changed; called for every write. */
  constructor(onChanged: () => void) {
    this.#onChanged = onChanged;
  }

  /** Number of the newest line; 0: none yet. */
  get newest(): number {
    return this.#newest;
  }

  add({ method, target, headers, protocol, isSecure }: ReceivedRequest, fault: string | null): LoggedRequest {
    const since = performance.now();
    const line: Line = {
      n: ++this.#newest,
      at: Date.now(),
      method: shortened(method, 32),
      target: shortened(maskUrl(target), longestTarget),
      client: shortened(headers['user-agent'] ?? '', longestClient),
      protocol,
      secure: isSecure,
      status: null,
      fault: fault === null ? null : shortened(fault, longestTarget),
      state: 'active',
      sentBytes: 0,
      durationMillis: null,
    };
    this.#lines[(line.n - 1) % keptLines] = line;
    this.#onChanged();
    const change = (act: () => void) => () => {
      act();
      this.#onChanged();
    };
    return {
      answered: (status) => change(() => (line.status = status))(),
      sent: (bytes) => change(() => (line.sentBytes += bytes))(),
      paused: change(() => (line.state = 'paused')),
      resumed: change(() => (line.state = 'active')),
      ended: (state) =>
        change(() => {
          line.state = state;
          line.durationMillis = performance.now() - since;
        })(),
    };
  }

  /** Newest first. */
  lines(count: number): readonly MockRequestLine[] {
    const wanted = Math.min(count, this.#lines.length);
    return Array.from({ length: wanted }, (_, back) => {
      const line = this.#lines[(this.#newest - 1 - back) % keptLines];
      if (line === undefined) throw new Error('a line is missing in the log');
      return { ...line };
    });
  }
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
