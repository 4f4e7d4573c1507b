import { openCapture } from '../../../src/main/capture/openCapture.ts';
import type { Capture } from '../../../src/main/capture/sink.ts';
import { defaultLimits, type Limits } from '../../../src/shared/limits.ts';
import type { RequestSpec } from '../../../src/shared/request.ts';
import { startFaultServer, type FaultServer, type FaultServerOptions, type Performance } from './faultServer.ts';
import { RecordingSink } from './recordingSink.ts';

/** Opens a request that is expected to be sendable. */
export function begin(request: RequestSpec, sink: RecordingSink, limits: Partial<Limits> = {}): Capture {
  const opened = openCapture(request, sink, {
    limits: { ...defaultLimits, ...limits },
    userAgent: 'streamscope/test',
    environment: {},
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

/** Captures a request to its end. */
export async function capture(request: RequestSpec, limits: Partial<Limits> = {}): Promise<RecordingSink> {
  const sink = new RecordingSink();
  await begin(request, sink, limits).done;
  return sink;
}

/** A fault server for the time of `use`. */
export async function withServer(
  scheme: 'http' | 'https',
  perform: Performance,
  use: (server: FaultServer) => Promise<void>,
  options: FaultServerOptions = {},
): Promise<void> {
  const server = await startFaultServer(scheme, perform, options);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

/** A promise and the function that fulfils it. */
export function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}
