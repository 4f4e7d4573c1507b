import process from 'node:process';
import type { MockEndpoint } from '../../../engine/mock/endpoint.ts';
import type { MockRequestLine } from '../../../shared/mock.ts';
import { createMockServer, type MockServer } from '../../servers/mock/mockServer.ts';
import { exitCode } from './exitCodes.ts';
import type { MockWords } from './mockWords.ts';
import { readScenarioFile, watchFile } from './scenarioFile.ts';
import { print, safeForTerminal } from './terminal.ts';

interface Performed {
  readonly file: string;
  endpoint: MockEndpoint;
  /** As it was read last, performed or not. */
  text: string | null;
}

/** Requests that are looked through for those that went on. */
const newestRequests = 1_000;

/** `mock`: performs until interrupted; addresses on stdout, requests and changed scenarios on stderr. */
export async function mock({ port, scenarios, quiet }: MockWords, signal: AbortSignal): Promise<number> {
  const tell = (text: string): void => void process.stderr.write(`${safeForTerminal(text)}\n`);
  const performed: Performed[] = [];
  const explanations: string[] = [];
  let complaints = 0;
  for (const file of scenarios) {
    const read = readScenarioFile(file);
    if (read.ok) {
      const { endpoint, text } = read;
      const other = performed.find((each) => isSamePlace(each.endpoint, endpoint));
      if (other === undefined) {
        performed.push({ file, endpoint, text });
        explanations.push(read.explanation);
        continue;
      }
      tell(`${file}:1:1: ${other.file} is at ${endpoint.path} already: name another path in one of them.`);
      complaints++;
      continue;
    }
    for (const complaint of read.complaints) tell(complaint);
    complaints += read.complaints.length;
  }
  if (complaints > 0) return exitCode.wrongUsage;

  const told = new RequestTeller(tell);
  const server = createMockServer({
    port,
    endpoints: () => performed.map(({ endpoint }) => endpoint),
    onChanged: () => {
      if (!quiet) told.look(server);
    },
  });
  const address = await server.start(signal);
  if (address.port !== address.wantedPort && address.wantedPort !== 0) {
    tell(`streamscope: port ${String(address.wantedPort)} is taken, so it is ${String(address.port)}.`);
  }
  const stopWatching = performed.map((each) => watchFile(each.file, () => takeAnew(each, performed, tell)));
  try {
    await print(`${address.url}\n`);
    for (const [i, { endpoint }] of performed.entries()) {
      await print(`${address.url}${endpoint.example}\n`);
      tell(`${endpoint.method} ${endpoint.path}: ${explanations[i] ?? ''}`);
    }
    await untilAborted(signal);
  } finally {
    for (const stop of stopWatching) stop();
    await server.stop();
  }
  return exitCode.fine;
}

/** A file was changed: what can be performed is, from the next request on; else the version before goes on. */
function takeAnew(each: Performed, all: readonly Performed[], tell: (text: string) => void): void {
  const read = readScenarioFile(each.file);
  if (read.text === each.text) return;
  each.text = read.text;
  if (!read.ok) {
    for (const complaint of read.complaints) tell(complaint);
    tell(`${each.file}: the version before goes on.`);
    return;
  }
  if (all.some((other) => other !== each && isSamePlace(other.endpoint, read.endpoint))) {
    tell(`${each.file}:1:1: another scenario is at ${read.endpoint.path} already: the version before goes on.`);
    return;
  }
  each.endpoint = read.endpoint;
  tell(`${each.file} was changed. ${read.endpoint.method} ${read.endpoint.path}: ${read.explanation}`);
}

function isSamePlace(a: MockEndpoint, b: MockEndpoint): boolean {
  return a.method === b.method && a.path === b.path;
}

/** Tells of each request once when it comes and once when it is over. */
class RequestTeller {
  readonly #tell: (text: string) => void;
  readonly #open = new Set<number>();
  #newest = 0;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  look(server: MockServer): void {
    const wanted = this.#open.size > 0 ? newestRequests : server.newestRequest - this.#newest;
    if (wanted <= 0) return;
    for (const line of server.requests(Math.min(newestRequests, wanted)).toReversed()) {
      if (line.n > this.#newest) {
        this.#newest = line.n;
        this.#open.add(line.n);
        const fault = line.fault === null ? '' : `, fault ${line.fault}`;
        this.#tell(
          `#${String(line.n)} ${line.method} ${line.target} (${line.protocol}${line.secure ? ', TLS' : ''}${fault})`,
        );
      }
      if (!isOver(line) || !this.#open.delete(line.n)) continue;
      const how = line.state === 'left' ? ', the client left' : '';
      this.#tell(
        `#${String(line.n)} ${line.status === null ? 'no answer' : String(line.status)}, ${String(line.sentBytes)} bytes in ${String(Math.round(line.durationMillis ?? 0))} ms${how}`,
      );
    }
  }
}

function isOver({ state }: MockRequestLine): boolean {
  return state === 'served' || state === 'left';
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
