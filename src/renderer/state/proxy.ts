import { create } from 'zustand';
import type { EngineClient, Input } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import type { Interventions, ProxyDescription } from '../../shared/proxy.ts';
import { failureOf, isCancelled } from './failureOf.ts';
import { paced, pullCall } from './pull.ts';

interface ProxyState {
  readonly proxy: ProxyDescription | null;
  /** A start, stop or change is under way. */
  readonly changing: boolean;
  readonly failure: Failure | null;
}

const useProxyStore = create<ProxyState>()(() => ({ proxy: null, changing: false, failure: null }));

export function useProxy(): ProxyState {
  return useProxyStore();
}

export function proxyNow(): ProxyDescription | null {
  return useProxyStore.getState().proxy;
}

/** Starts (on the port it had, or on another) or stops the proxy. What goes wrong is kept for the panel to show. */
export async function setProxyRunning(engine: EngineClient, running: boolean, port?: number): Promise<void> {
  useProxyStore.setState({ changing: true, failure: null });
  try {
    const proxy = running
      ? await engine.call('proxy.start', port === undefined ? {} : { port })
      : await engine.call('proxy.stop', {});
    useProxyStore.setState({ proxy });
  } catch (error) {
    if (!isCancelled(error)) useProxyStore.setState({ failure: failureOf(error) });
  } finally {
    useProxyStore.setState({ changing: false });
  }
}

/** Sets routes or interventions. @returns why the engine refused; null: it did what was asked */
export async function configureProxy(engine: EngineClient, change: Input<'proxy.configure'>): Promise<Failure | null> {
  useProxyStore.setState({ changing: true });
  try {
    useProxyStore.setState({ proxy: await engine.call('proxy.configure', change) });
    return null;
  } catch (error) {
    return isCancelled(error) ? null : failureOf(error);
  } finally {
    useProxyStore.setState({ changing: false });
  }
}

let describeAgain: (() => void) | null = null;

/** Asks once more what the proxy is, for a button that tries again. */
export function refreshProxy(): void {
  describeAgain?.();
}

const askEveryMillis = 100;

/** Keeps the store at what the proxy does. Returns the function that ends it. */
export function followProxy(engine: EngineClient): () => void {
  const pull = pullCall(
    engine,
    'proxy.describe',
    () => ({}),
    (proxy) => useProxyStore.setState({ proxy, failure: null }),
    (failure) => useProxyStore.setState({ failure }),
  );
  const asking = paced(pull, askEveryMillis);
  const end = engine.subscribe('proxy.changed', () => asking.ask());
  describeAgain = () => pull.ask();
  pull.ask();
  return () => {
    end();
    asking.end();
    describeAgain = null;
  };
}

/** What the proxy does to exchanges, one clause each; empty: it only carries them. */
export function interventionWords(
  { latencyMillis, bytesPerSecond, cutAfterFrames, fault, offline }: Interventions,
  faultRequestsLeft: number,
): readonly string[] {
  return [
    ...(latencyMillis > 0 ? [`answers ${latencyMillis.toLocaleString('en-US')} ms late`] : []),
    ...(bytesPerSecond === null ? [] : [`at most ${bytesPerSecond.toLocaleString('en-US')} bytes a second`]),
    ...(cutAfterFrames === null ? [] : [`cut after frame ${cutAfterFrames.toLocaleString('en-US')}`]),
    ...(fault === null || faultRequestsLeft === 0
      ? []
      : [
          `${fault.fault} for ${faultRequestsLeft === 1 ? 'one more request' : `${faultRequestsLeft.toLocaleString('en-US')} more requests`}`,
        ]),
    ...(offline === 'off'
      ? []
      : [offline === 'always' ? 'answers from recordings' : 'answers from recordings when the upstream is down']),
  ];
}
