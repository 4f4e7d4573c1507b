import type { HeaderList, ReconnectPlan, RequestSpec } from '../../shared/request.ts';

const lastEventId = 'Last-Event-ID';

/** The `Last-Event-ID` that a request is given by hand; null: none. */
export function givenLastEventId(request: RequestSpec): string | null {
  const given = request.headers.find(([name]) => name.toLowerCase() === lastEventId.toLowerCase());
  return given?.[1].trim() ?? null;
}

/**
 * The request of a later connection.
 *
 * `sse`: `Last-Event-ID` says `value`, instead of one that was given by hand; without a value there is none. `records`:
 * `value` takes the place of the parameter or header of the recipe's name; without a value the request stays as it is.
 */
export function resumedRequest(request: RequestSpec, plan: ReconnectPlan, value: string | null): RequestSpec {
  if (plan.kind === 'sse') return { ...request, headers: withHeader(request.headers, lastEventId, value) };
  if (value === null) return request;
  if (plan.into === 'header') return { ...request, headers: withHeader(request.headers, plan.name, value) };
  return { ...request, url: withParameter(request.url, plan.name, value) };
}

function withHeader(headers: HeaderList, name: string, value: string | null): HeaderList {
  const others = headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase());
  return value === null ? others : [...others, [name, value]];
}

/** Sets one parameter and leaves the spelling of all others alone, which `URLSearchParams` would not. */
function withParameter(url: string, name: string, value: string): string {
  const hashAt = url.indexOf('#');
  const withoutHash = hashAt < 0 ? url : url.slice(0, hashAt);
  const hash = hashAt < 0 ? '' : url.slice(hashAt);
  const queryAt = withoutHash.indexOf('?');
  const path = queryAt < 0 ? withoutHash : withoutHash.slice(0, queryAt);
  const query = queryAt < 0 ? '' : withoutHash.slice(queryAt + 1);
  const others = query.split('&').filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name));
  const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return `${path}?${[...others, pair].join('&')}${hash}`;
}
