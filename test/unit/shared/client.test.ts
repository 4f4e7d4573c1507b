import { describe, expect, it } from 'vitest';
import { createClient } from '../../../src/shared/client.ts';
import type { EnginePortListener } from '../../../src/shared/enginePort.ts';
import type { ToEngine } from '../../../src/shared/envelope.ts';
import type { Failure } from '../../../src/shared/failure.ts';

const gone: Failure = { code: 'engine/gone', message: 'The engine process ended.', retry: true };

function joined() {
  const sent: ToEngine[] = [];
  let engine: EnginePortListener | undefined;
  let closed = 0;
  const client = createClient({
    send: (message) => sent.push(message),
    listen(listener) {
      engine = listener;
    },
    close: () => closed++,
  });
  return { client, sent, engine: engine!, closed: () => closed };
}

const failing = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => (error as { failure: Failure }).failure,
  );

describe('a client whose engine goes away', () => {
  it('fails what is under way and what comes later with the reason it was given, and sends nothing', async () => {
    const { client, sent, engine } = joined();
    const pending = [client.call('engine.describe', {}), client.call('library.list', {})];
    engine.lost(gone);
    expect(await Promise.all(pending.map(failing))).toEqual([gone, gone]);
    expect(await failing(client.call('engine.describe', {}))).toEqual(gone);
    expect(sent).toHaveLength(2);
  });

  it('calls and listens again when it is back', async () => {
    const { client, sent, engine } = joined();
    const seen: boolean[] = [];
    client.subscribe('mock.changed', ({ running }) => seen.push(running));
    client.subscribe('library.changed', () => {})();
    engine.lost(gone);
    client.subscribe('filter.advanced', () => {});
    sent.length = 0;
    engine.renewed();
    expect(sent).toEqual([
      { type: 'subscribe', event: 'filter.advanced' },
      { type: 'subscribe', event: 'mock.changed' },
    ]);
    engine.received({ type: 'event', event: 'mock.changed', payload: { running: true, url: null } });
    expect(seen).toEqual([true]);
    const call = client.call('recording.stop', { id: 'r' });
    engine.received({ type: 'result', id: 1, value: { stopped: true } });
    expect(await call).toEqual({ stopped: true });
  });

  it('fails what a former engine can no longer answer, even if nobody noticed that it went', async () => {
    const { client, engine } = joined();
    const pending = client.call('engine.describe', {});
    engine.renewed();
    expect(await failing(pending)).toMatchObject({ code: 'engine/gone', retry: true });
  });

  it('stays closed once it was closed', async () => {
    const { client, engine, closed } = joined();
    client.close();
    engine.renewed();
    engine.lost(gone);
    client.close();
    expect(closed()).toBe(1);
    expect(await failing(client.call('engine.describe', {}))).toMatchObject({ code: 'engine/gone', retry: false });
  });
});

describe('a client', () => {
  it('takes an answer nobody waits for as ordinary', async () => {
    const { client, engine, sent } = joined();
    const controller = new AbortController();
    const call = client.call('recording.stop', { id: 'r' }, controller.signal);
    controller.abort();
    expect(await failing(call)).toMatchObject({ code: 'call/cancelled' });
    expect(sent.at(-1)).toEqual({ type: 'cancel', id: 1 });
    engine.received({ type: 'result', id: 1, value: { stopped: true } });
    engine.received({ type: 'result', id: 99, value: null });
    expect(sent).toHaveLength(2);
  });

  it('lets every listener have its event, whatever another one throws', async () => {
    const { client, engine } = joined();
    const seen: string[] = [];
    const uncaught = new Promise<unknown>((resolve) => {
      process.prependOnceListener('uncaughtException', resolve);
    });
    const others = process.listeners('uncaughtException').slice(1);
    for (const other of others) process.off('uncaughtException', other);
    client.subscribe('mock.changed', () => {
      throw new Error('a bug of a view');
    });
    client.subscribe('mock.changed', () => seen.push('second'));
    engine.received({ type: 'event', event: 'mock.changed', payload: { running: true, url: null } });
    expect(seen).toEqual(['second']);
    expect(await uncaught).toMatchObject({ message: 'a bug of a view' });
    for (const other of others) process.on('uncaughtException', other);
  });
});
