import type { ExchangeFacts, Reconnection } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { formatDuration } from './format.ts';

/** `reconnected after 3.00 s, Last-Event-ID 41`: what a later connection was, in a few words. */
export function reconnectWords(reconnection: Reconnection, exchange: ExchangeFacts): string {
  const { after, atMicros } = reconnection;
  const resumed = resumedWords(reconnection, exchange);
  if (atMicros === null) return `waiting to reconnect, ${resumed}`;
  return `reconnected after ${formatDuration(atMicros - after.atMicros)}, ${resumed}`;
}

/** `Last-Event-ID 41`, `after=17`, or that nothing was sent to go on from. */
export function resumedWords({ resumedFrom }: Reconnection, { request }: ExchangeFacts): string {
  const plan = request?.options.reconnect;
  if (resumedFrom === null) return 'without a position';
  if (plan?.kind === 'records')
    return plan.into === 'query' ? `${plan.name}=${resumedFrom}` : `${plan.name} ${resumedFrom}`;
  return `Last-Event-ID ${resumedFrom}`;
}

/** The wait between two connections of a live recording. */
export interface ReconnectWait {
  readonly leftMicros: Micros;
  /** `2 of 5` */
  readonly attempt: string;
}

/** The wait that a live recording is in; null when it is in none. */
export function reconnectWait(exchange: ExchangeFacts, nowMicros: Micros | null): ReconnectWait | null {
  const reconnections = exchange.reconnections ?? [];
  const last = reconnections.at(-1);
  if (last?.atMicros !== null || exchange.ending !== null) return null;
  const attempts = exchange.request?.options.reconnect?.attempts;
  const attempt = [reconnections.length, attempts].filter((count) => count !== undefined).join(' of ');
  const leftMicros = Math.max(0, last.after.atMicros + last.waitMicros - (nowMicros ?? last.after.atMicros));
  return { leftMicros, attempt };
}
