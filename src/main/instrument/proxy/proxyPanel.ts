import { FailureError } from '../../../shared/failure.ts';
import type { Limits } from '../../../shared/limits.ts';
import {
  noInterventions,
  type Interventions,
  type ProxyDescription,
  type ProxyExchangeLine,
  type ProxyRoute,
} from '../../../shared/proxy.ts';
import { KeptConnection } from '../../capture/carried/keptConnection.ts';
import type { EndingFacts } from '../../capture/endings.ts';
import { trustProblem } from '../../capture/transportPlan.ts';
import type { ClientExchange } from '../../servers/proxy/clientConnection.ts';
import { ClientProcesses } from '../../servers/proxy/clientProcesses.ts';
import { startProxyServer, type ProxyServer } from '../../servers/proxy/proxyServer.ts';
import { valuesOf } from '../../servers/proxy/requestHead.ts';
import { checkedRoute, checkedUpstream, RouteTable, type RouteTrust } from '../../servers/proxy/routes.ts';
import type { EventHub } from '../eventHub.ts';
import type { Recordings } from '../recordings.ts';
import { ExchangeLog, lineOf } from './exchangeLog.ts';
import { checkedInterventions, interventionPlan, type InterventionPlan } from './interventionPlan.ts';
import type { OwnListeners } from './ownListeners.ts';
import type { OfflineAnswers } from './offlineAnswers.ts';
import { ProxiedExchange, type OfflineMode, type UpstreamTransport } from './proxiedExchange.ts';
import { textOf } from './proxiedRequest.ts';

const defaultPort = 4040;

/** Routes as they are kept between starts. */
export interface KeptRoutes {
  read(): readonly ProxyRoute[];
  write(routes: readonly ProxyRoute[]): void;
}

export interface ProxyPanelOptions {
  readonly recordings: Recordings;
  readonly hub: EventHub;
  readonly limits: Limits;
  readonly keptRoutes: KeptRoutes;
  readonly ownListeners: OwnListeners;
  readonly offlineAnswers: OfflineAnswers;
}

export interface ProxyStart {
  /** 0: any. Absent: 4040. */
  readonly port?: number;
  /** Where everything goes that names no route of the user's own; absent: the built-in routes are there. */
  readonly everything?: string;
  /** Routes for this time, beside the kept ones. */
  readonly routes?: readonly ProxyRoute[];
  /** How upstreams are connected to, where that is not as usual. */
  readonly transport?: UpstreamTransport;
  /** An exchange began, or is over. */
  readonly onExchange?: (line: ProxyExchangeLine, isOver: boolean) => void;
}

/** The capture proxy as the window and the command line see it. */
export class ProxyPanel {
  readonly #options: ProxyPanelOptions;
  readonly #announce: () => void;
  readonly #processes = new ClientProcesses();
  readonly #running = new Set<ProxiedExchange>();
  readonly #log = new ExchangeLog();
  readonly #kept = new WeakMap<AbortSignal, { readonly trust: string; readonly connection: KeptConnection }>();
  #server: ProxyServer | null = null;
  #starting: Promise<void> | null = null;
  #table: RouteTable;
  #start: ProxyStart = {};
  #problem: string | null = null;
  #recordingProblem: string | null = null;
  #interventions: Interventions = noInterventions;
  #faultsLeft = 0;
  readonly #forgetListener: (() => void)[] = [];

  constructor(options: ProxyPanelOptions) {
    this.#options = options;
    this.#table = new RouteTable(options.keptRoutes.read());
    this.#announce = options.hub.announcer('proxy.changed', () => ({
      running: this.#server !== null,
      url: this.#server?.address.url ?? null,
      exchanges: this.#log.count,
    }));
  }

  describe(): ProxyDescription {
    const url = this.#server?.address.url ?? null;
    return {
      running: url !== null,
      url,
      wantedPort: this.#server?.address.wantedPort ?? this.#start.port ?? defaultPort,
      problem: this.#problem,
      recordingProblem: this.#recordingProblem,
      routes: this.#table.routes.map((route) => ({
        ...route,
        baseUrl: url === null || route.missing !== null ? null : this.#table.baseUrl(route.name, url),
        environment: url === null ? [] : this.#table.environment(route.name, url),
        inCode: url === null ? null : this.#table.inCode(route.name, url),
        exchanges: this.#log.countOf(route.name),
      })),
      interventions: this.#interventions,
      activeExchanges: this.#running.size,
      exchanges: this.#log.count,
      faultRequestsLeft: this.#faultsLeft,
      recent: this.#log.lines(),
    };
  }

  /**
   * Listens; a proxy that runs goes on as it is. That no port can be had is told in the description.
   * @throws FailureError for an upstream that is no address
   */
  async start(start: ProxyStart = {}): Promise<ProxyDescription> {
    if (this.#server !== null) return this.describe();
    this.#starting ??= this.#listen(start).finally(() => {
      this.#starting = null;
    });
    await this.#starting;
    this.#announce();
    return this.describe();
  }

  async #listen(start: ProxyStart): Promise<void> {
    const everything = start.everything === undefined ? null : checkedUpstream(start.everything);
    if (everything !== null && !everything.ok) throw new FailureError(everything.failure);
    const distrusted = start.transport?.caPem === undefined ? null : trustProblem(start.transport.caPem);
    if (distrusted !== null) throw new FailureError(distrusted);
    this.#start = start;
    this.#table = this.#tableOf(this.#options.keptRoutes.read(), everything?.value ?? null);
    const port = start.port ?? defaultPort;
    try {
      const server = await startProxyServer(
        { port, onExchange: (exchange) => this.#take(exchange) },
        new AbortController().signal,
      );
      this.#server = server;
      const { boundTo, port: bound } = server.address;
      this.#forgetListener.push(this.#options.ownListeners.add({ address: boundTo, port: bound }));
      this.#problem =
        port === 0 || bound === port
          ? null
          : `Port ${String(port)} is taken, so the proxy listens on ${String(bound)}.`;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem = `The proxy could not start: ${reason}.`;
    }
  }

  #tableOf(kept: readonly ProxyRoute[], everything: string | null): RouteTable {
    const own = new Map<string, ProxyRoute>();
    for (const route of [...kept, ...(this.#start.routes ?? [])]) {
      const checked = checkedRoute(route);
      if (!checked.ok) throw new FailureError(checked.failure);
      const distrusted = route.caPem === undefined ? null : trustProblem(route.caPem);
      if (distrusted !== null) throw new FailureError(distrusted);
      own.set(checked.value.name, checked.value);
    }
    return new RouteTable([...own.values()], everything);
  }

  /** Ends every exchange as stopped by the user, and lets go of the port. Stopping what is stopped changes nothing. */
  async stop(): Promise<ProxyDescription> {
    await this.#starting;
    const server = this.#server;
    this.#server = null;
    for (const forget of this.#forgetListener.splice(0)) forget();
    for (const exchange of this.#running) exchange.stop({ by: 'user' });
    await server?.stop();
    await Promise.all([...this.#running].map(({ done }) => done));
    this.#problem = null;
    this.#announce();
    return this.describe();
  }

  /** @throws FailureError when a route is none; nothing is changed then */
  configure(change: {
    readonly routes?: readonly ProxyRoute[] | undefined;
    readonly interventions?: Interventions | undefined;
  }): ProxyDescription {
    if (change.routes !== undefined) {
      const everything = this.#start.everything ?? null;
      const table = this.#tableOf(change.routes, everything);
      this.#options.keptRoutes.write(change.routes);
      this.#table = table;
    }
    if (change.interventions !== undefined) {
      const checked = checkedInterventions(change.interventions);
      if (!checked.ok) throw new FailureError(checked.failure);
      this.#interventions = checked.value;
      this.#faultsLeft = checked.value.fault?.requests ?? 0;
    }
    this.#announce();
    return this.describe();
  }

  #take(incoming: ClientExchange): void {
    const { head } = incoming;
    const routed = this.#table.find(head.target);
    const refusal = this.#refusal(incoming, routed !== null);
    const ownUrl = this.#server?.address.url ?? 'http://proxy.invalid';
    const url =
      routed === null
        ? `${ownUrl}${textOf(head.target.startsWith('/') ? head.target : `/${head.target}`)}`
        : `${routed.upstream.origin}${textOf(routed.target)}`;
    const plan = refusal === null && routed !== null ? this.#planFor(routed.route) : null;
    const exchange: ProxiedExchange = new ProxiedExchange({
      incoming,
      routed,
      refusal,
      url,
      limits: this.#options.limits,
      transport: transportOf(this.#start.transport, routed?.trust),
      kept: this.#keptOf(incoming.connectionClosed, routed?.trust ?? {}),
      plan,
      offline: refusal === null && routed !== null ? this.#offlineFor(routed.route) : null,
      isOwn: ({ tcp }) =>
        this.#options.ownListeners.has({ address: tcp.remoteAddress ?? '', port: tcp.remotePort ?? 0 }),
      feed: {
        begin: (request, proxied, clock, onSaved) => {
          const recording = this.#options.recordings.beginProxied(request, proxied, clock, onSaved);
          this.#recordingProblem = null;
          return recording;
        },
        onOpened: (recording) => {
          logged.recordingId = recording.id;
          this.#announce();
        },
        onProblem: (message) => {
          this.#recordingProblem = `Exchanges pass, but are not recorded: ${message}`;
          this.#announce();
        },
      },
      clientProcess: (client) => this.#processes.find(client),
      onChanged: this.#announce,
      onDone: () => {
        this.#running.delete(exchange);
        logged.intervened = exchange.intervened;
        this.#start.onExchange?.(lineOf(logged), true);
        this.#announce();
      },
    });
    const logged = this.#log.add({
      route: routed?.route ?? null,
      method: head.method,
      target: routed?.target ?? head.target,
      progress: exchange.progress,
      recordingId: null,
      intervened: plan !== null,
    });
    this.#running.add(exchange);
    this.#start.onExchange?.(lineOf(logged), false);
    this.#announce();
  }

  /** A connection is used again only by who trusts the same: what one route took on trust is not another's. */
  #keptOf(connectionClosed: AbortSignal, routeTrust: RouteTrust): KeptConnection {
    const trust = JSON.stringify([routeTrust.caPem ?? null, routeTrust.insecureTls ?? false]);
    const known = this.#kept.get(connectionClosed);
    if (known?.trust === trust) return known.connection;
    known?.connection.close();
    const connection = new KeptConnection();
    this.#kept.set(connectionClosed, { trust, connection });
    if (connectionClosed.aborted) connection.close();
    else connectionClosed.addEventListener('abort', () => connection.close(), { once: true });
    return connection;
  }

  /** What is done to an exchange of this route; counts the requests that a fault is for. */
  #planFor(route: string): InterventionPlan | null {
    const { route: only, fault } = this.#interventions;
    if (only !== null && only !== route) return null;
    const withFault = fault !== null && this.#faultsLeft > 0;
    if (withFault) this.#faultsLeft--;
    return interventionPlan(this.#interventions, withFault);
  }

  #offlineFor(route: string): OfflineMode | null {
    const { route: only, offline } = this.#interventions;
    if (offline === 'off' || (only !== null && only !== route)) return null;
    return { mode: offline, answers: this.#options.offlineAnswers };
  }

  #refusal({ head }: ClientExchange, isRouted: boolean): EndingFacts | null {
    if (head.method === 'CONNECT' || /^[a-z]+:\/\//i.test(head.target)) {
      const message =
        'This is a reverse proxy: programs get its address as their base URL, not as their HTTP proxy (HTTP_PROXY).';
      return { code: 'end/no-route', message, offset: null };
    }
    const unfinished = isRouted ? null : this.#table.unfinished(head.target);
    if (unfinished !== null) {
      const message = `The route /${unfinished.name} leads nowhere yet. ${unfinished.missing ?? ''}`;
      return { code: 'end/no-route', message, offset: null };
    }
    if (!isRouted) {
      const names = this.#table.routes
        .filter(({ missing }) => missing === null)
        .map(({ name }) => `/${name}`)
        .join(', ');
      const first = head.target.split(/[?#]/)[0]?.slice(0, 200) ?? '/';
      const message = `No route of the proxy begins as ${first} does. There are: ${names}.`;
      return { code: 'end/no-route', message, offset: null };
    }
    const upgrade = valuesOf(head.headers, 'upgrade')[0];
    const asks = valuesOf(head.headers, 'connection').some((value) => /(?:^|,)\s*upgrade\s*(?:,|$)/i.test(value));
    if (upgrade !== undefined && asks && !/^h2c$/i.test(upgrade)) {
      const message = `The proxy carries HTTP, not ${textOf(upgrade).slice(0, 40)}. Let the client ask the upstream itself for that.`;
      return { code: 'end/upgrade-not-carried', message, offset: null };
    }
    return null;
  }
}

/** How an upstream is connected to: certificates that one route trusts are trusted beside those that all do. */
function transportOf(every: UpstreamTransport = {}, own: RouteTrust = {}): UpstreamTransport {
  const trusted = [every.caPem, own.caPem].filter((pem) => pem !== undefined);
  return { ...every, ...own, ...(trusted.length === 0 ? {} : { caPem: trusted.join('\n') }) };
}
