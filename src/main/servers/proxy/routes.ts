import { failed, succeeded, type Outcome } from '../../../shared/failure.ts';
import { proxyRouteSchema, type ProxyRoute } from '../../../shared/proxy.ts';

interface BuiltInRoute extends ProxyRoute {
  /** Path of the base URL that clients of this upstream take. */
  readonly basePath: string;
  /** Variables that clients read their base URL from, with the path they expect behind the route. */
  readonly environment: readonly { readonly name: string; readonly path: string }[];
}

/** Stands for what the user has to say before a route leads anywhere. */
const resourcePlace = 'YOUR-RESOURCE';

/** Routes that are there without being asked for. The variables are those that the providers' own clients read. */
const builtInRoutes: readonly BuiltInRoute[] = [
  {
    name: 'openai',
    upstream: 'https://api.openai.com',
    basePath: '/v1',
    environment: [{ name: 'OPENAI_BASE_URL', path: '/v1' }],
  },
  {
    name: 'anthropic',
    upstream: 'https://api.anthropic.com',
    basePath: '',
    environment: [{ name: 'ANTHROPIC_BASE_URL', path: '' }],
  },
  {
    name: 'gemini',
    upstream: 'https://generativelanguage.googleapis.com',
    basePath: '',
    environment: [{ name: 'GOOGLE_GEMINI_BASE_URL', path: '' }],
  },
  {
    name: 'ollama',
    upstream: 'http://127.0.0.1:11434',
    basePath: '',
    environment: [{ name: 'OLLAMA_HOST', path: '' }],
  },
  {
    name: 'openrouter',
    upstream: 'https://openrouter.ai',
    basePath: '/api/v1',
    environment: [{ name: 'OPENAI_BASE_URL', path: '/api/v1' }],
  },
  {
    name: 'mistral',
    upstream: 'https://api.mistral.ai',
    basePath: '',
    environment: [{ name: 'OPENAI_BASE_URL', path: '/v1' }],
  },
  {
    name: 'cohere',
    upstream: 'https://api.cohere.com',
    basePath: '',
    environment: [{ name: 'CO_API_URL', path: '' }],
  },
  {
    name: 'groq',
    upstream: 'https://api.groq.com',
    basePath: '',
    environment: [
      { name: 'GROQ_BASE_URL', path: '' },
      { name: 'OPENAI_BASE_URL', path: '/openai/v1' },
    ],
  },
  {
    name: 'xai',
    upstream: 'https://api.x.ai',
    basePath: '/v1',
    environment: [{ name: 'OPENAI_BASE_URL', path: '/v1' }],
  },
  {
    name: 'deepseek',
    upstream: 'https://api.deepseek.com',
    basePath: '/v1',
    environment: [{ name: 'OPENAI_BASE_URL', path: '/v1' }],
  },
  {
    name: 'azure',
    upstream: `https://${resourcePlace}.openai.azure.com`,
    basePath: '',
    environment: [{ name: 'AZURE_OPENAI_ENDPOINT', path: '' }],
  },
];

/** Where a request goes. */
export interface RoutedTarget {
  readonly route: string;
  /** The upstream's address, of which scheme and authority count. */
  readonly upstream: URL;
  /** Path and query, as they came behind the route, behind the upstream's own path. */
  readonly target: string;
}

export interface KnownRoute extends ProxyRoute {
  readonly isBuiltIn: boolean;
}

/** The name under which the route for everything is known. */
const everythingRoute = 'to';

/** The routes of a proxy: fixed upstreams, found by the first piece of a path. */
export class RouteTable {
  readonly routes: readonly KnownRoute[];
  readonly #byName: ReadonlyMap<string, { readonly url: URL; readonly path: string }>;
  readonly #everything: { readonly url: URL; readonly path: string } | null;

  /**
   * @param own of the user, checked; one with the name of a built-in one takes its place
   * @param everything where every path goes that names no route of the user's own; null: the built-in routes are there
   */
  constructor(own: readonly ProxyRoute[], everything: string | null = null) {
    const ownNames = new Set(own.map(({ name }) => name));
    const shipped = everything === null ? builtInRoutes.filter(({ name }) => !ownNames.has(name)) : [];
    this.routes = [
      ...own.map(({ name, upstream }) => ({
        name,
        upstream,
        isBuiltIn: builtInRoutes.some((route) => route.name === name && route.upstream === upstream),
      })),
      ...shipped.map(({ name, upstream }) => ({ name, upstream, isBuiltIn: true })),
      ...(everything === null ? [] : [{ name: everythingRoute, upstream: everything, isBuiltIn: false }]),
    ];
    this.#everything = everything === null ? null : parts(everything);
    this.#byName = new Map(
      this.routes
        .filter(({ name, upstream }) => name !== everythingRoute && !upstream.includes(resourcePlace))
        .map(({ name, upstream }) => [name, parts(upstream)]),
    );
  }

  /** Where a request target leads; null: nowhere. */
  find(target: string): RoutedTarget | null {
    const match = /^\/([^/?#]*)(.*)$/s.exec(target);
    const name = match?.[1] ?? '';
    const named = this.#byName.get(name);
    if (named !== undefined && match !== null) {
      const rest = match[2] ?? '';
      return { route: name, upstream: named.url, target: joined(named.path, rest) };
    }
    if (this.#everything === null || !target.startsWith('/')) return null;
    const { url, path } = this.#everything;
    return { route: everythingRoute, upstream: url, target: joined(path, target) };
  }

  /** What a client is given as its base URL. */
  baseUrl(name: string, proxyUrl: string): string {
    if (name === everythingRoute) return proxyUrl;
    return `${proxyUrl}/${name}${this.#shipped(name)?.basePath ?? ''}`;
  }

  /** Lines for a shell, where clients are known to read one. */
  environment(name: string, proxyUrl: string): readonly { readonly name: string; readonly value: string }[] {
    const variables = this.#shipped(name)?.environment ?? [];
    return variables.map((variable) => ({ name: variable.name, value: `${proxyUrl}/${name}${variable.path}` }));
  }

  /** A route of the user's own is known by its name only where it leads to a server of the same kind. */
  #shipped(name: string): BuiltInRoute | undefined {
    const shipped = builtInRoutes.find((route) => route.name === name);
    const known = this.routes.find((route) => route.name === name);
    if (shipped === undefined || known === undefined) return undefined;
    return new URL(known.upstream).pathname === '/' ? shipped : undefined;
  }
}

function joined(path: string, rest: string): string {
  const behind = path + rest;
  return behind.startsWith('/') ? behind : `/${behind}`;
}

function parts(upstream: string): { readonly url: URL; readonly path: string } {
  const url = new URL(upstream);
  return { url, path: url.pathname.replace(/\/+$/, '') };
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
  return succeeded({ name: route.name, upstream: address.value });
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
