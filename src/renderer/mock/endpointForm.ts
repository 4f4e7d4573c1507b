import type { MockDescription, MockEndpoint, MockFaultDescription, MockKnob } from '../../shared/mock.ts';
import { defaultRequestOptions, type RequestOptions, type RequestSpec } from '../../shared/request.ts';
import { faultText, isWholeChoice, noFault, type FaultChoice } from './faultChoice.ts';

/** What is filled in for an endpoint. Empty fields are left to the server. */
export interface EndpointForm {
  /** By name, what stands at the places of its path: `{name}`. */
  readonly places: Readonly<Record<string, string>>;
  /** By name, knobs and whatever else its example asks with. */
  readonly query: Readonly<Record<string, string>>;
  /** Null: it takes none. */
  readonly body: string | null;
  readonly fault: FaultChoice;
  readonly over: Transport;
}

/** How an endpoint is asked: plain, over TLS, or over HTTP/2 (which needs TLS here). */
export type Transport = MockFaultDescription['protocols'][number];

export const transportTitles: Readonly<Record<Transport, string>> = {
  'http/1.1': 'HTTP/1.1',
  tls: 'HTTP/1.1 over TLS',
  h2: 'HTTP/2 over TLS',
};

/** Where the mock server listens. */
export type MockPlace = Pick<MockDescription, 'url' | 'secureUrl' | 'authorityPem'>;

export function endpointKey({ method, path }: Pick<MockEndpoint, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/** The form as an endpoint's example fills it in. */
export function exampleForm({ path, example, exampleBody }: MockEndpoint): EndpointForm {
  const url = new URL(example, 'http://mock.invalid');
  return {
    places: placesOf(path, url.pathname),
    query: Object.fromEntries([...url.searchParams].filter(([name]) => name !== 'fault')),
    body: exampleBody,
    fault: noFault,
    over: 'http/1.1',
  };
}

/** Names of the places in a path, each with what an example has there. */
function placesOf(path: string, example: string): Readonly<Record<string, string>> {
  const parts = example.split('/');
  const found: Record<string, string> = {};
  for (const [i, part] of path.split('/').entries()) {
    const names = [...part.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    const pattern = part
      .split(/\{\w+\}/)
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('(.+)');
    const values = new RegExp(`^${pattern}$`).exec(parts[i] ?? '') ?? [];
    for (const [n, name] of names.entries()) found[name] = decodeURIComponent(values[n + 1] ?? '');
  }
  return found;
}

/** Fields of the query that are no knobs: what the example asks with besides. */
export function otherFields({ knobs }: MockEndpoint, { query }: EndpointForm): readonly string[] {
  return Object.keys(query).filter((name) => !knobs.some((knob) => knob.name === name));
}

/** The words of a knob that takes one of a few; null: it takes a text or a number. */
export function choicesOf({ allowed, fallback }: MockKnob): readonly string[] | null {
  const words = allowed.split(' or ');
  return words.length > 1 && words.includes(String(fallback)) && words.every((word) => !/\s/.test(word)) ? words : null;
}

/** Why the form cannot be sent yet; null: it can. */
export function formProblem(form: EndpointForm): string | null {
  const empty = Object.entries(form.places).find(([, value]) => value === '');
  if (empty !== undefined) return `The path needs a value for ${empty[0]}.`;
  return isWholeChoice(form.fault) ? null : 'The fault needs a whole number for its place.';
}

/** Path and query that a form stands for. */
export function targetOf({ path }: Pick<MockEndpoint, 'path'>, { places, query, fault }: EndpointForm): string {
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(places[name] ?? ''));
  const asked = Object.entries(query).filter(([, value]) => value !== '');
  const broken = faultText(fault);
  const words = [...asked, ...(broken === null ? [] : [['fault', broken] as const])].map(
    ([name, value]) => `${readable(name)}=${readable(value)}`,
  );
  return words.length === 0 ? filled : `${filled}?${words.join('&')}`;
}

/** A name or value of a query, encoded no more than it has to be: people read it in the URL field. */
function readable(text: string): string {
  return encodeURIComponent(text).replace(/%(?:3A|40|2C|2F)/g, decodeURIComponent);
}

/** The request that asks an endpoint for what its form says; null while there is no server to ask. */
export function requestOf(
  place: MockPlace,
  endpoint: Pick<MockEndpoint, 'method' | 'path'>,
  form: EndpointForm,
): RequestSpec | null {
  const base = form.over === 'http/1.1' ? place.url : place.secureUrl;
  if (base === null) return null;
  return {
    method: endpoint.method,
    url: new URL(targetOf(endpoint, form), base).href,
    headers: form.body === null ? [] : [['Content-Type', 'application/json']],
    body: form.body === null ? { kind: 'none' } : { kind: 'text', text: form.body },
    auth: { kind: 'none' },
    options: { ...defaultRequestOptions, ...transportOptions(form.over, place) },
  };
}

/** The server's certificate is made for its run, so whoever asks it over TLS is told whom to trust. */
function transportOptions(over: Transport, { authorityPem }: MockPlace): Partial<RequestOptions> {
  if (over === 'http/1.1') return {};
  return {
    httpVersion: over === 'h2' ? '2' : '1.1',
    ...(authorityPem === null ? {} : { caPem: authorityPem }),
  };
}

/** A request to an endpoint as its example asks, for one click. */
export function exampleRequest(place: MockPlace, endpoint: MockEndpoint): RequestSpec | null {
  return requestOf(place, endpoint, exampleForm(endpoint));
}
