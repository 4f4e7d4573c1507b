import { maskUrl } from '../../../shared/maskSecrets.ts';
import type { ProxyExchangeLine } from '../../../shared/proxy.ts';
import type { RecordingId } from '../../../shared/words.ts';
import type { ExchangeProgress } from './proxiedExchange.ts';

const keptLines = 200;

export interface LoggedExchange {
  readonly n: number;
  readonly at: number;
  readonly route: string | null;
  readonly method: string;
  /** Path and query behind the route. */
  readonly target: string;
  readonly progress: ExchangeProgress;
  recordingId: RecordingId | null;
  intervened: boolean;
}

/** The newest exchanges, as they are now. */
export class ExchangeLog {
  readonly #lines: LoggedExchange[] = [];
  #count = 0;
  readonly #ofRoute = new Map<string, number>();

  get count(): number {
    return this.#count;
  }

  countOf(route: string): number {
    return this.#ofRoute.get(route) ?? 0;
  }

  add(line: Omit<LoggedExchange, 'n' | 'at'>): LoggedExchange {
    const logged = { ...line, n: ++this.#count, at: Date.now() };
    this.#lines.push(logged);
    if (this.#lines.length > keptLines) this.#lines.shift();
    if (line.route !== null) this.#ofRoute.set(line.route, this.countOf(line.route) + 1);
    return logged;
  }

  /** Newest first. */
  lines(): readonly ProxyExchangeLine[] {
    return this.#lines.toReversed().map(lineOf);
  }
}

export function lineOf({ progress, target, ...line }: LoggedExchange): ProxyExchangeLine {
  return {
    ...line,
    target: maskedTarget(target),
    client: progress.client,
    status: progress.status,
    state: progress.state,
    bytes: progress.bytes,
  };
}

const anyOrigin = 'http://proxy.invalid';

function maskedTarget(target: string): string {
  if (!target.includes('?') || !target.startsWith('/')) return target;
  const masked = maskUrl(anyOrigin + target);
  return masked.startsWith(anyOrigin) ? masked.slice(anyOrigin.length) : target.replace(/\?.*$/s, '?…');
}
