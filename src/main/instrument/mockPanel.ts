import { describedEndpoint, mockEndpoints } from '../../engine/mock/endpoints.ts';
import { faultDescriptions } from '../../engine/mock/faults/catalogue.ts';
import type { MockDescription, MockRequestLine } from '../../shared/mock.ts';
import type { MockServer } from '../servers/mock/mockServer.ts';
import type { EventHub } from './eventHub.ts';
import type { Scenarios } from './scenarios.ts';

/**
 * The mock server as the window sees it: started, stopped, described, its requests; a failure to start is kept and told.
 */
export class MockPanel {
  readonly #server: MockServer;
  readonly #scenarios: Pick<Scenarios, 'lines'>;
  readonly #hub: EventHub;
  #problem: string | null = null;
  /** Of the address for which it was made; the certificates are made when somebody first looks. */
  #authority: { readonly url: string; readonly pem: string | null } | null = null;

  constructor(server: MockServer, scenarios: Pick<Scenarios, 'lines'>, hub: EventHub) {
    this.#server = server;
    this.#scenarios = scenarios;
    this.#hub = hub;
  }

  requests(count: number): { readonly requests: readonly MockRequestLine[] } {
    return { requests: this.#server.requests(count) };
  }

  describe(): MockDescription {
    const { address, active, paused, served, aborted, sentBytes } = this.#server.status();
    return {
      running: address !== null,
      url: address?.url ?? null,
      secureUrl: address?.secureUrl ?? null,
      authorityPem: address === null ? null : this.#authorityPem(address.url),
      wantedPort: this.#server.wantedPort,
      problem: this.#problem,
      endpoints: mockEndpoints.map(describedEndpoint),
      faults: faultDescriptions,
      scenarios: this.#scenarios.lines(),
      activeStreams: active,
      pausedStreams: paused,
      servedStreams: served,
      abortedStreams: aborted,
      sentBytes,
    };
  }

  /** `port`: null for the one that was wanted so far. */
  async start(port: number | null): Promise<MockDescription> {
    try {
      const address = await this.#server.start(undefined, port ?? undefined);
      this.#problem =
        address.port === address.wantedPort
          ? null
          : `Port ${String(address.wantedPort)} is taken, so the mock server listens on ${String(address.port)}.`;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem = `The mock server could not start: ${reason}.`;
    }
    return this.announce();
  }

  async stop(): Promise<MockDescription> {
    await this.#server.stop();
    this.#problem = null;
    this.#authority = null;
    return this.announce();
  }

  /** Null until it is made, which is then announced. */
  #authorityPem(url: string): string | null {
    if (this.#authority?.url === url) return this.#authority.pem;
    this.#authority = { url, pem: null };
    this.#server.authorityPem().then(
      (pem) => {
        if (this.#server.status().address?.url !== url) return;
        this.#authority = { url, pem };
        this.announce();
      },
      () => {
        // It was stopped meanwhile.
        this.#authority = null;
      },
    );
    return null;
  }

  /** The server or its scenarios changed. */
  announce(): MockDescription {
    const description = this.describe();
    this.#hub.emit('mock.changed', { running: description.running, url: description.url });
    return description;
  }
}
