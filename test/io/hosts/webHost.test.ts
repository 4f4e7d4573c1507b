import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startWebHost, type WebHost } from '../../../src/main/hosts/web/startWebHost.ts';
import { webPort, type WebReach } from '../../../src/renderer/host/webPort.ts';
import { createClient } from '../../../src/shared/client.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { decodeWire, encodeWire } from '../../../src/shared/wireCodec.ts';
import { behaviours, createContractService, type ContractService } from '../../contract/contractService.ts';
import { browserFetch } from '../../contract/hosts.ts';
import { windowFolder, type WindowFolder } from './windowFolder.ts';

let folder: WindowFolder;
let service: ContractService;
let host: WebHost;
let log: string[];

const start = (options: { port?: number; sessionGraceMillis?: number } = {}) =>
  startWebHost({
    service,
    rendererFolder: folder.path,
    report: (problem) => log.push(problem),
    timings: { heartbeatMillis: 20, sessionGraceMillis: options.sessionGraceMillis ?? 10_000 },
    ...(options.port === undefined ? {} : { port: options.port }),
  });

beforeEach(async () => {
  log = [];
  folder = await windowFolder();
  service = createContractService();
  host = await start();
});
afterEach(async () => {
  await host.close();
  await folder.remove();
});

const request = (path: string, init: RequestInit = {}, session?: string) =>
  browserFetch(host.authority)(`http://${host.authority}${path}`, {
    ...init,
    headers: {
      'streamscope-token': host.token,
      ...(session === undefined ? {} : { 'streamscope-session': session }),
    },
  });

interface OpenStream {
  readonly session: string;
  readonly resumed: boolean;
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
}

async function openStream(session?: string): Promise<OpenStream> {
  const response = await request('/rpc/events', {}, session);
  const reader = response.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let text = '';
  while (!text.includes('\n')) text += Buffer.from((await reader.read()).value!).toString();
  const greeting = JSON.parse(text.split('\n')[0]!) as { session: string; resumed: boolean };
  return { ...greeting, reader };
}

async function callRaw(session: string, name: string, body: Uint8Array<ArrayBuffer>) {
  const response = await request(`/rpc/calls/${name}`, { method: 'POST', body }, session);
  if (response.status !== 200) return { status: response.status };
  expect(response.headers.get('content-type')).toBe('application/vnd.msgpack');
  return decodeWire(new Uint8Array(await response.arrayBuffer())) as { value?: unknown; failure?: { code: string } };
}

function connected(onReach: (reach: WebReach) => void) {
  const browser = browserFetch(host.authority);
  let breaker = new AbortController();
  const port = webPort({
    token: host.token,
    base: `http://${host.authority}`,
    fetch(input, init = {}) {
      const isStream = (input as string).endsWith('/rpc/events');
      return browser(input, isStream ? { ...init, signal: AbortSignal.any([init.signal!, breaker.signal]) } : init);
    },
    firstRetryMillis: 5,
  });
  port.onReachChanged(onReach);
  const breakStream = () => {
    const broken = breaker;
    breaker = new AbortController();
    broken.abort();
  };
  return { client: createClient(port), breakStream };
}

/** Resolves when the reach becomes this one. */
function reaching() {
  const seen: WebReach['state'][] = [];
  const waiting = new Map<string, () => void>();
  return {
    seen,
    onReach: (reach: WebReach) => {
      seen.push(reach.state);
      waiting.get(reach.state)?.();
    },
    next: (state: WebReach['state']) =>
      new Promise<void>((resolve) => {
        waiting.set(state, resolve);
      }),
  };
}

describe('a session of the web host', () => {
  it('speaks often enough to be known alive', async () => {
    const { reader } = await openStream();
    const { value } = await reader.read();
    expect(Buffer.from(value!).toString()).toBe('\n');
    await reader.cancel();
  });

  it('survives a short break of its event stream, and keeps the newest of what it missed', async () => {
    const first = await openStream();
    const body = encodeWire(['mock.changed']);
    await request('/rpc/subscriptions', { method: 'PUT', body }, first.session);
    await first.reader.cancel();
    // The engine's side of the break: nobody reads, and the session stays.
    for (let n = 1; n <= 3; n++) service.emit('mock.changed', { running: true, url: `url ${String(n)}` });
    const second = await openStream(first.session);
    expect(second).toMatchObject({ session: first.session, resumed: true });
    let text = '';
    while (!text.includes('url 3')) text += Buffer.from((await second.reader.read()).value!).toString();
    expect(text).toContain('"event":"mock.changed"');
    expect(service.endedSessions).toEqual([]);
    await second.reader.cancel();
  });

  it('ends some time after its event stream is gone', async () => {
    await host.close();
    host = await start({ sessionGraceMillis: 1 });
    const { reader, session } = await openStream();
    await request('/rpc/subscriptions', { method: 'PUT', body: encodeWire(['mock.changed']) }, session);
    expect(service.listenerCount('mock.changed')).toBe(1);
    await reader.cancel();
    await service.until(() => service.endedSessions.length === 1);
    expect(service.listenerCount('mock.changed')).toBe(0);
    expect(await callRaw(session, 'recording.stop', encodeWire({ id: 'r' }))).toEqual({ status: 410 });
  });

  it('is needed for a call', async () => {
    expect(await callRaw('made-up', 'recording.stop', encodeWire({ id: 'r' }))).toEqual({ status: 410 });
  });

  it('cancels a call whose request is given up', async () => {
    const { session, reader } = await openStream();
    const controller = new AbortController();
    const call = request(
      '/rpc/calls/recording.read',
      { method: 'POST', body: encodeWire({ id: behaviours.held }), signal: controller.signal },
      session,
    );
    const held = await service.nextHeld();
    controller.abort();
    await expect(call).rejects.toThrow();
    await service.until(() => held.context.signal.aborted);
    await reader.cancel();
  });

  it('answers the calls it can no longer run', async () => {
    const { session } = await openStream();
    const call = callRaw(session, 'recording.read', encodeWire({ id: behaviours.held }));
    await service.nextHeld();
    await request('/rpc/session', { method: 'DELETE' }, session);
    expect(await call).toEqual({ status: 410 });
    expect(service.endedSessions).toEqual([session]);
  });
});

describe('hostile bodies', () => {
  const nested = (levels: number) => {
    const bytes = new Uint8Array(levels + 1).fill(0x91);
    bytes[levels] = 0xc0;
    return bytes;
  };
  it.each<[string, Uint8Array<ArrayBuffer>]>([
    ['nothing', new Uint8Array()],
    ['10,000 levels of nesting', nested(10_000)],
    ['1,000,000 levels of nesting', nested(1_000_000 - 1)],
    ['a list of four billion', new Uint8Array([0xdd, 255, 255, 255, 255])],
    ['a map of four billion', new Uint8Array([0xdf, 255, 255, 255, 255])],
    ['bytes that are not there', new Uint8Array([0xc6, 127, 255, 255, 255])],
    ['a cut column', new Uint8Array([0xc7, 3, 1, 1, 2, 3])],
    ['an unused head byte', new Uint8Array([0xc1])],
    ['two values', new Uint8Array([0xc0, 0xc0])],
    ['a key that is a prototype', encodeWire(JSON.parse('{"__proto__":{"id":"r"}}'))],
    ['text', new TextEncoder().encode('{"id":"r"}')],
  ])('%s: a failure, and the engine goes on', async (_, body) => {
    const { session, reader } = await openStream();
    const outcome = await callRaw(session, 'recording.stop', body);
    expect(outcome).toMatchObject({ failure: { code: 'call/invalid-input' } });
    expect(await callRaw(session, 'recording.stop', encodeWire({ id: 'r' }))).toEqual({ value: { stopped: true } });
    await reader.cancel();
  });

  it('are refused by their length before they are read', async () => {
    const { session, reader } = await openStream();
    expect(await callRaw(session, 'recording.stop', new Uint8Array(2_000_000))).toEqual({ status: 413 });
    expect(await callRaw(session, 'import.append', new Uint8Array(6_000_000))).toEqual({ status: 413 });
    await reader.cancel();
  });

  it('carry an import piece of 4 MB', async () => {
    const { session, reader } = await openStream();
    const input = encodeWire({ importId: 'i', bytes: new Uint8Array(4 * 1024 * 1024).fill(7) });
    expect(await callRaw(session, 'import.append', input)).toEqual({ value: { receivedBytes: 4 * 1024 * 1024 } });
    await reader.cancel();
  });
});

describe('the page', () => {
  it('comes back to its session after a break', async () => {
    const reach = reaching();
    const { client, breakStream } = connected(reach.onReach);
    const seen: (string | null)[] = [];
    const last = new Promise<void>((resolve) => {
      client.subscribe('mock.changed', ({ url }) => {
        seen.push(url);
        if (url === 'after') resolve();
      });
    });
    await service.until(() => service.listenerCount('mock.changed') === 1);
    const again = reach.next('reached');
    breakStream();
    await again;
    service.emit('mock.changed', { running: true, url: 'after' });
    await last;
    expect(service.endedSessions).toEqual([]);
    expect(await client.call('recording.stop', { id: 'r' })).toEqual({ stopped: true });
    client.close();
  });

  it('says that the server is gone, fails what is under way, and never takes another server for it', async () => {
    const reach = reaching();
    const { client } = connected(reach.onReach);
    const pending = client.call('recording.read', { id: behaviours.held });
    await service.nextHeld();
    const unreachable = reach.next('unreachable');
    const port = Number(host.authority.split(':')[1]);
    await host.close();
    await expect(pending).rejects.toBeInstanceOf(FailureError);
    await unreachable;
    await expect(client.call('recording.stop', { id: 'r' })).rejects.toMatchObject({
      failure: { code: 'host/unreachable', retry: true },
    });
    const refused = reach.next('refused');
    host = await start({ port });
    await refused;
    await expect(client.call('recording.stop', { id: 'r' })).rejects.toMatchObject({
      failure: { code: 'engine/gone', retry: false },
    });
    client.close();
  });

  it('with a wrong token is told so at once', async () => {
    const port = webPort({
      token: 'wrong',
      base: `http://${host.authority}`,
      fetch: browserFetch(host.authority),
    });
    const client = createClient(port);
    await expect(client.call('recording.stop', { id: 'r' })).rejects.toMatchObject({
      failure: { code: 'engine/gone' },
    });
    client.close();
  });
});
