import { failed, succeeded, type Outcome } from '../../../shared/failure.ts';
import {
  proxyRouteSchema,
  type ProxyEnvironmentLine,
  type ProxyRoute,
  type ProxyRouteLine,
} from '../../../shared/proxy.ts';
import { builtInRoutes, type BuiltInRoute } from './builtInRoutes.ts';

/** Where a request goes. */
export interface RoutedTarget {
  readonly route: string;
  /** The upstream's address, of which scheme and authority count. */
  readonly upstream: URL;
  /** Path and query, as they came behind the route, behind the upstream's own path. */
  readonly target: string;
  readonly trust: RouteTrust;
}

/** Whom an upstream is taken for over TLS, where that is not as usual. */
export type RouteTrust = Pick<ProxyRoute, 'caPem' | 'insecureTls'>;

export interface KnownRoute extends ProxyRoute {
  readonly isBuiltIn: boolean;
  /** What has to be said before it leads anywhere, one sentence; null: it leads to its upstream. */
  readonly missing: string | null;
}

interface Destination {
  readonly url: URL;
  readonly path: string;
  readonly trust: RouteTrust;
}

/** The name under which the route for everything is known. */
const everythingRoute = 'to';

/** The first piece of a path, and what comes behind it as it stands. */
const firstPiece = /^\/([^/?#]*)(.*)$/s;

/** The routes of a proxy: fixed upstreams, found by the first piece of a path. */
export class RouteTable {
  readonly routes: readonly KnownRoute[];
  readonly #byName: ReadonlyMap<string, Destination>;
  readonly #everything: Destination | null;

  /**
   * @param own of the user, checked; one with the name of a built-in one takes its place
   * @param everything where every path goes that names no route of the user's own; null: the built-in routes are there
   */
  constructor(own: readonly ProxyRoute[], everything: string | null = null) {
    const ownNames = new Set(own.map(({ name }) => name));
    const shipped = everything === null ? builtInRoutes.filter(({ name }) => !ownNames.has(name)) : [];
    this.routes = [
      ...own.map((route) => ({ ...route, isBuiltIn: isAsShipped(route), missing: null })),
      ...shipped.map(({ name, upstream, missing = null }) => ({ name, upstream, isBuiltIn: true, missing })),
      ...(everything === null
        ? []
        : [{ name: everythingRoute, upstream: everything, isBuiltIn: false, missing: null }]),
    ];
    this.#everything = everything === null ? null : destination({ name: everythingRoute, upstream: everything });
    this.#byName = new Map(
      this.routes
        .filter(({ name, missing }) => name !== everythingRoute && missing === null)
        .map((route) => [route.name, destination(route)]),
    );
  }

  /** Where a request target leads; null: nowhere. */
  find(target: string): RoutedTarget | null {
    const [, name = '', rest = ''] = firstPiece.exec(target) ?? [];
    const named = this.#byName.get(name);
    if (named !== undefined) {
      return { route: name, upstream: named.url, target: joined(named.path, rest), trust: named.trust };
    }
    if (this.#everything === null || !target.startsWith('/')) return null;
    const { url, path, trust } = this.#everything;
    return { route: everythingRoute, upstream: url, target: joined(path, target), trust };
  }

  /** The route that a request target names although it leads nowhere yet; null: it names none, or one that does. */
  unfinished(target: string): KnownRoute | null {
    const [, name] = firstPiece.exec(target) ?? [];
    return this.routes.find((route) => route.name === name && route.missing !== null) ?? null;
  }

  /** What a client is given as its base URL. */
  baseUrl(name: string, proxyUrl: string): string {
    if (name === everythingRoute) return proxyUrl;
    return `${proxyUrl}/${name}${this.#shipped(name)?.basePath ?? ''}`;
  }

  /** Lines for a shell, where clients are known to read one. */
  environment(name: string, proxyUrl: string): readonly ProxyEnvironmentLine[] {
    const variables = this.#shipped(name)?.environment ?? [];
    return variables.map(({ path, ...variable }) => ({ ...variable, value: `${proxyUrl}/${name}${path}` }));
  }

  /** What to write in code, where the provider's own client reads no variable. */
  inCode(name: string, proxyUrl: string): ProxyRouteLine['inCode'] {
    const inCode = this.#shipped(name)?.inCode;
    return inCode === undefined ? null : { client: inCode.client, line: inCode.line(this.baseUrl(name, proxyUrl)) };
  }

  /** A route of the user's own is known by its name only where it leads to a server of the same kind. */
  #shipped(name: string): BuiltInRoute | undefined {
    const shipped = builtInRoutes.find((route) => route.name === name);
    const known = this.routes.find((route) => route.name === name);
    if (shipped === undefined || known === undefined || known.missing !== null) return undefined;
    return new URL(known.upstream).pathname === '/' ? shipped : undefined;
  }
}

function joined(path: string, rest: string): string {
  const behind = path + rest;
  return behind.startsWith('/') ? behind : `/${behind}`;
}

function destination({ upstream, ...route }: ProxyRoute): Destination {
  const url = new URL(upstream);
  return { url, path: url.pathname.replace(/\/+$/, ''), trust: trustOf(route) };
}

function trustOf({ caPem, insecureTls }: RouteTrust): RouteTrust {
  return { ...(caPem === undefined ? {} : { caPem }), ...(insecureTls === undefined ? {} : { insecureTls }) };
}

function isAsShipped({ name, upstream, ...trust }: ProxyRoute): boolean {
  const isTrustedAsUsual = Object.keys(trustOf(trust)).length === 0;
  return isTrustedAsUsual && builtInRoutes.some((route) => route.name === name && route.upstream === upstream);
}

/** A route that requests can be sent along, its address written in one way; the failure says what is wrong with it. */
export function checkedRoute(route: ProxyRoute): Outcome<ProxyRoute> {
  const invalid = (message: string): Outcome<ProxyRoute> =>
    failed({ code: 'proxy/invalid-route', message, data: { name: route.name.slice(0, 64) } });
  if (!proxyRouteSchema.safeParse(route).success) {
    return invalid(`“${route.name.slice(0, 64)}” is no name for a route: it may have a to z, 0 to 9 and dashes.`);
  }
  if (route.name === everythingRoute)
    return invalid(`“${everythingRoute}” is the route for everything. Take another name.`);
  const address = checkedUpstream(route.upstream);
  if (!address.ok) return invalid(`The route “${route.name}”: ${address.failure.message}`);
  return succeeded({ ...route, upstream: address.value });
}

/** The address of an upstream, without a slash at its end. */
export function checkedUpstream(text: string): Outcome<string> {
  const invalid = (message: string): Outcome<string> => failed({ code: 'proxy/invalid-route', message });
  const trimmed = text.trim();
  if (!/^https?:\/\//i.test(trimmed) || !URL.canParse(trimmed)) {
    return invalid(`“${trimmed.slice(0, 200)}” is no address of a server. One looks like https://api.example.com.`);
  }
  const url = new URL(trimmed);
  if (url.username !== '' || url.password !== '') {
    return invalid('An upstream has no user and password: clients send their own credentials.');
  }
  if (url.search !== '' || url.hash !== '') return invalid('An upstream has no query and no fragment, only a path.');
  return succeeded(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}
