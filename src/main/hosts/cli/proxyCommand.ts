import process from 'node:process';
import { FailureError } from '../../../shared/failure.ts';
import type { ProxyDescription, ProxyExchangeLine } from '../../../shared/proxy.ts';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { exitCode, UsageError } from './exitCodes.ts';
import type { ProxyWords } from './proxyWords.ts';
import { print, safeForTerminal } from './terminal.ts';

/** `proxy`: carries and records until interrupted; its address on stdout, what passes on stderr. */
export async function proxy(instrument: Instrument, words: ProxyWords, signal: AbortSignal): Promise<number> {
  const tell = (text: string): void => void process.stderr.write(`${safeForTerminal(text)}\n`);
  const description = await start(instrument, words, tell);
  if (description.url === null) {
    tell(`streamscope: ${description.problem ?? 'The proxy could not start.'}`);
    return exitCode.couldNotOpen;
  }
  if (description.problem !== null) tell(`streamscope: ${description.problem}`);
  await print(`${startLines(description).join('\n')}\n`);
  let told: string | null = null;
  const unsubscribe = instrument.subscribe('proxy.changed', () => {
    const { recordingProblem } = instrument.proxy.describe();
    if (recordingProblem !== told && recordingProblem !== null) tell(`streamscope: ${recordingProblem}`);
    told = recordingProblem;
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await instrument.proxy.stop();
  unsubscribe();
  return exitCode.fine;
}

/** Failures of what the command line says, not of the machine. */
const wrongWords: ReadonlySet<string> = new Set(['proxy/invalid-route', 'request/invalid-certificate']);

async function start(
  instrument: Instrument,
  { port, to, routes, caPem, insecure, quiet }: ProxyWords,
  tell: (text: string) => void,
): Promise<ProxyDescription> {
  try {
    return await instrument.proxy.start({
      port,
      routes,
      ...(to === null ? {} : { everything: to }),
      transport: { ...(caPem === null ? {} : { caPem }), ...(insecure ? { insecureTls: true } : {}) },
      ...(quiet ? {} : { onExchange: (line, isOver) => tell(isOver ? overLine(instrument, line) : begunLine(line)) }),
    });
  } catch (error) {
    if (error instanceof FailureError && wrongWords.has(error.failure.code)) {
      throw new UsageError(error.failure.message, { cause: error });
    }
    throw error;
  }
}

/** The base URL, then lines for a shell; a variable that several routes could have is set for the first of them. */
function startLines({ url, routes }: ProxyDescription): readonly string[] {
  const lines = [url ?? ''];
  const given = new Set<string>();
  for (const { name, baseUrl, environment, inCode, isBuiltIn, missing } of routes) {
    if (missing !== null) lines.push(`# ${name}: ${missing}`);
    for (const variable of environment) {
      const isFirst = !given.has(variable.name);
      given.add(variable.name);
      lines.push(`${isFirst ? '' : `# ${name}: `}${variable.name}=${variable.value}`);
    }
    if (inCode !== null) lines.push(`# ${name}, ${inCode.client}: ${inCode.line}`);
    if (!isBuiltIn && baseUrl !== null && baseUrl !== url && environment.length === 0) {
      lines.push(`# ${name}: ${baseUrl}`);
    }
  }
  return lines;
}

function begunLine({ n, method, route, target, client }: ProxyExchangeLine): string {
  return `#${String(n)} ${method} ${pathOf(route, target)} from ${clientText(client)}`;
}

function overLine(instrument: Instrument, line: ProxyExchangeLine): string {
  const status = line.status === null ? 'no answer' : String(line.status);
  const kept = line.recordingId === null ? 'not recorded' : line.recordingId;
  const verdict = line.recordingId === null ? '' : verdictOf(instrument, line.recordingId);
  return `#${String(line.n)} ${status}, ${String(line.bytes)} bytes. ${verdict}[${kept}]`;
}

function verdictOf(instrument: Instrument, id: string): string {
  const { word, sentence } = instrument.verdict(id);
  return sentence.startsWith(word) ? `${sentence} ` : `${word}: ${sentence} `;
}

function pathOf(route: string | null, target: string): string {
  return route === null || route === 'to' ? target : `/${route}${target.startsWith('/') ? '' : '/'}${target}`;
}

function clientText({ process: known, userAgent, address, port }: ProxyExchangeLine['client']): string {
  if (known !== null) return `${known.name} (${String(known.id)})`;
  return userAgent ?? `${address}:${String(port)}`;
}
