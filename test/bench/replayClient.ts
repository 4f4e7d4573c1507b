import process from 'node:process';
import { openCapture } from '../../src/main/capture/openCapture.ts';
import { warmUpCapture } from '../../src/main/capture/warmUp.ts';
import type { CaptureSink } from '../../src/main/capture/sink.ts';
import { defaultLimits } from '../../src/shared/limits.ts';
import { defaultRequestOptions } from '../../src/shared/request.ts';

/** What a replay brought: when each chunk came after the head, and how the capture ended. */
export interface ReplayReceived {
  readonly sinceHeadMicros: readonly number[];
  readonly endingCode: string;
}

/** Captures one replay in a process of its own, as a client would, and tells its parent when what came. */
async function receive(url: string): Promise<ReplayReceived> {
  const micros: number[] = [];
  let headMicros = 0;
  let endingCode = '';
  const sink: CaptureSink = {
    mark: () => undefined,
    sent: () => undefined,
    head: ({ atMicros }) => {
      headMicros = atMicros;
    },
    chunk: (atMicros, _bytes, continues) => {
      if (!continues) micros.push(atMicros);
      return true;
    },
    body: () => true,
    trailers: () => undefined,
    transportDiagnostic: () => undefined,
    ended: ({ code }) => {
      endingCode = code;
    },
  };
  const request = {
    method: 'GET',
    url,
    headers: [],
    body: { kind: 'none' as const },
    auth: { kind: 'none' as const },
    options: defaultRequestOptions,
  };
  const opened = openCapture(request, sink, { limits: defaultLimits, userAgent: 'streamscope/bench', environment: {} });
  if (!opened.ok) throw new Error(opened.failure.message);
  await opened.value.done;
  return { sinceHeadMicros: micros.map((at) => at - headMicros), endingCode };
}

const [, , quickUrl, url] = process.argv;
if (quickUrl === undefined || url === undefined) throw new Error('a replay to warm up with, and one to capture');
await warmUpCapture();
// As in a window that has been open for a while: code that runs for the first time is compiled first.
await receive(quickUrl);
process.stdout.write(JSON.stringify(await receive(url)));
