import type { Ending, ResponseHead } from '../../shared/recording.ts';
import type { ReconnectPlan } from '../../shared/request.ts';
import { headerValue, mediaType } from '../../shared/headerValue.ts';
import type { DiagnosticDetails } from '../diagnostics/rule.ts';

/** A connection that is over, as a plan for reconnecting looks at it. */
export interface EndedConnection {
  readonly ending: Ending;
  /** Null: no answer came. */
  readonly head: ResponseHead | null;
}

/** What was done so far, and what the stream wants. */
export interface ReconnectState {
  /** Reconnections that were begun. */
  readonly used: number;
  /** Connections in a row, this one included, that brought no answer. */
  readonly unanswered: number;
  /** The stream's last `retry`; null: none came. */
  readonly retryMillis: number | null;
  /** The reconnect lab has cut a connection before this one. */
  readonly wasLabCut: boolean;
}

export type ReconnectDecision =
  | { readonly kind: 'again'; readonly waitMillis: number }
  /** `refused`: the answer's head forbids it; it is worth a diagnostic. */
  | { readonly kind: 'over'; readonly refused: DiagnosticDetails | null };

/** "A few seconds", says the standard; browsers take three. */
const defaultWaitMillis = 3_000;
/** Doubling ends here, unless the wait asked for is longer already. */
const longestBackoffMillis = 30_000;
/** Longest time that a timer of the runtimes takes. */
const longestTimerMillis = 2_147_483_647;

const over: ReconnectDecision = { kind: 'over', refused: null };

/**
 * Whether another connection follows, and after which wait.
 *
 * `sse` is HTML Standard §9.2.3: an answer 200 with `text/event-stream` is connected to again however it ended; 204 is
 * the server's word to stop; any other status or type fails the connection for good; network errors are tried again,
 * but for those where that is futile (a certificate that is refused, an answer that is no HTTP). `records` asks again
 * until an answer is complete. After the lab's own cut either has its answer with the first complete one. What was stopped on our side stays stopped, except for the lab's own cut.
 *
 * The wait is the stream's `retry`, else the plan's, else three seconds. The standard allows to back off after failures:
 * each further connection without an answer doubles the wait, up to half a minute.
 */
export function decideReconnect(
  plan: ReconnectPlan,
  connection: EndedConnection,
  state: ReconnectState,
): ReconnectDecision {
  const { ending, head } = connection;
  const isLabCut = ending.code === 'end/lab-cut';
  if (!isLabCut && (ending.kind === 'stopped' || ending.kind === 'failed-local')) return over;
  if (ending.code === 'end/max-time') return over;
  if (head === null ? isFutile(ending) : !isLabCut && isDone(plan, ending, head, state)) return over;
  const refused = head === null ? null : refusalOf(plan, head);
  if (refused !== null) return { kind: 'over', refused };
  if (state.used >= plan.attempts) return over;
  return { kind: 'again', waitMillis: waitOf(plan, state) };
}

function isDone(plan: ReconnectPlan, ending: Ending, head: ResponseHead, { wasLabCut }: ReconnectState): boolean {
  const isAnswered = ending.kind === 'complete' && refusalOf(plan, head) === null;
  return plan.kind === 'sse' ? head.status === 204 || (wasLabCut && isAnswered) : isAnswered;
}

function refusalOf(plan: ReconnectPlan, head: ResponseHead): DiagnosticDetails | null {
  if (plan.kind === 'records') return isSuccess(head) ? null : { status: head.status };
  if (head.status !== 200) return { status: head.status };
  const contentType = headerValue(head.headers, 'content-type');
  if (mediaType(contentType) === 'text/event-stream') return null;
  return { status: head.status, contentType: contentType ?? '' };
}

function isSuccess(head: ResponseHead): boolean {
  return head.status >= 200 && head.status < 300;
}

function isFutile(ending: Ending): boolean {
  return ending.kind === 'invalid' || ending.code === 'end/tls-certificate' || ending.code === 'end/tls-handshake';
}

function waitOf(plan: ReconnectPlan, { retryMillis, unanswered }: ReconnectState): number {
  const wait = retryMillis ?? plan.waitMillis ?? defaultWaitMillis;
  const longest = Math.max(wait, longestBackoffMillis);
  const backedOff = unanswered < 2 ? wait : Math.min(longest, wait * 2 ** Math.min(unanswered - 1, 30));
  return Math.min(backedOff, longestTimerMillis);
}
