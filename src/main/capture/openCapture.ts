import type { Limits } from '../../shared/limits.ts';
import { succeeded, type Outcome } from '../../shared/failure.ts';
import type { RequestSpec } from '../../shared/request.ts';
import { Exchange } from './exchange.ts';
import { startExchangeClock } from './exchangeClock.ts';
import { planRequest } from './requestPlan.ts';
import type { Capture, CaptureSink, ExchangeClock } from './sink.ts';

export interface CaptureOptions {
  readonly limits: Limits;
  /** A clock that the caller started just before; without it one is started here. */
  readonly clock?: ExchangeClock;
  /** Sent where the request has no User-Agent of its own. */
  readonly userAgent?: string;
}

/**
 * Opens a stream. A request that cannot be sent as it stands is a failure (`request/invalid-url`, `-method`,
 * `-header`) and nothing is opened; whatever happens after that is told to the sink and ends in exactly one `ended`.
 * No sink method is called before this function has returned.
 */
export function openCapture(request: RequestSpec, sink: CaptureSink, options: CaptureOptions): Outcome<Capture> {
  const plan = planRequest(request, options.userAgent ?? 'streamscope');
  if (!plan.ok) return plan;
  return succeeded(
    new Exchange(plan.value, request.options, sink, options.limits, options.clock ?? startExchangeClock()),
  );
}
