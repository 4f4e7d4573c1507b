import { mockEndpoints } from '../../engine/mock/endpoints.ts';
import type { MockDescription } from '../../shared/mock.ts';
import type { MockServer } from '../servers/mock/mockServer.ts';
import type { EventHub } from './eventHub.ts';

/** The mock server as the window sees it: started, stopped, described; a failure to start is kept and told. */
export class MockPanel {
  readonly #server: MockServer;
  readonly #hub: EventHub;
  #problem: string | null = null;

  constructor(server: MockServer, hub: EventHub) {
    this.#server = server;
    this.#hub = hub;
  }

  describe(): MockDescription {
    const { address, active, paused, served, aborted, sentBytes } = this.#server.status();
    return {
      running: address !== null,
      url: address?.url ?? null,
      secureUrl: null,
      authorityPem: null,
      wantedPort: address?.wantedPort ?? 4010,
      problem: this.#problem,
      endpoints: mockEndpoints.map(({ answer: _answer, match: _match, ...described }) => described),
      faults: [],
      scenarios: [],
      activeStreams: active,
      pausedStreams: paused,
      servedStreams: served,
      abortedStreams: aborted,
      sentBytes,
    };
  }

  async start(): Promise<MockDescription> {
    try {
      const address = await this.#server.start();
      this.#problem =
        address.port === address.wantedPort
          ? null
          : `Port ${String(address.wantedPort)} is taken, so the mock server listens on ${String(address.port)}.`;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem = `The mock server could not start: ${reason}.`;
    }
    return this.#announce();
  }

  async stop(): Promise<MockDescription> {
    await this.#server.stop();
    this.#problem = null;
    return this.#announce();
  }

  #announce(): MockDescription {
    const description = this.describe();
    this.#hub.emit('mock.changed', { running: description.running, url: description.url });
    return description;
  }
}
