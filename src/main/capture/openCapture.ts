import type { Limits } from '../../shared/limits.ts';
import { failed, succeeded, type Outcome } from '../../shared/failure.ts';
import type { RequestSpec } from '../../shared/request.ts';
import { fillVariables, hideSecretValues, type Variables } from '../../engine/request/variables.ts';
import { resumedRequest } from '../../engine/reconnect/resumedRequest.ts';
import { Carriage } from './carriage.ts';
import { Exchange } from './exchange.ts';
import { startExchangeClock } from './exchangeClock.ts';
import { hidingSecrets } from './hiddenSecrets.ts';
import { ReconnectingExchange, systemWait, type WaitTimer } from './reconnectingExchange.ts';
import type { Environment } from './proxy.ts';
import { planRequest, type RequestPlan } from './requestPlan.ts';
import { checkTransport } from './transportPlan.ts';
import type { Capture, CaptureSink, ExchangeClock } from './sink.ts';

export interface CaptureOptions {
  readonly limits: Limits;
  /** A clock that the caller started just before; without it one is started here. */
  readonly clock?: ExchangeClock;
  /** Sent where the request has no User-Agent of its own. */
  readonly userAgent?: string;
  /** Put in where the request says `{{name}}`; values that are secret are hidden in everything the sink is told. */
  readonly variables?: Variables;
  /** Where the variables for proxies are read from; absent: this process's own. */
  readonly environment?: Environment;
  /** Makes the boundary of a multipart body; absent: a random one. */
  readonly boundary?: () => string;
  /** Waits between connections; absent: the system's timer. */
  readonly wait?: WaitTimer;
}

/**
 * Opens a stream. A request that cannot be sent as it stands is a failure (`request/…`, see
 * `planRequest` and `checkTransport`) and nothing is opened; whatever happens after that is told to the sink and ends in exactly one `ended`.
 * No sink method is called before this function has returned.
 */
export function openCapture(request: RequestSpec, sink: CaptureSink, options: CaptureOptions): Outcome<Capture> {
  const variables = options.variables ?? new Map<string, never>();
  const hide = hideSecretValues(request, variables);
  const filled = fillVariables(request, variables, () => true);
  const userAgent = options.userAgent ?? 'streamscope';
  const environment = options.environment ?? process.env;
  const planned = planRequest(filled, userAgent, options.boundary);
  const plan = planned.ok ? checkTransport(planned.value, filled.options, environment) : planned;
  if (!plan.ok)
    return variables.size === 0 ? plan : failed({ code: plan.failure.code, message: hide(plan.failure.message) });
  const told = variables.size === 0 ? sink : hidingSecrets(sink, hide);
  const { limits, clock = startExchangeClock(), wait = systemWait } = options;
  const carriage = new Carriage({ options: filled.options, origin: plan.value.url.origin, environment });
  const { reconnect } = request.options;
  if (reconnect === undefined)
    return succeeded(new Exchange(plan.value, request.options, carriage, told, limits, clock));
  const planAt = (position: string | null): Outcome<RequestPlan> =>
    planRequest(resumedRequest(filled, reconnect, position), userAgent, options.boundary);
  const reconnecting = { plan: reconnect, options: request.options, carriage, limits, clock, wait, planAt };
  return succeeded(new ReconnectingExchange(plan.value, told, reconnecting));
}
