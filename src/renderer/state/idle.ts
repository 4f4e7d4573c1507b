import type { EngineClient } from '../../shared/calls.ts';

const underWay = new Map<symbol, string>();
let waiting: (() => void)[] = [];

/** Says that something is under way until the returned function is called. */
export function busy(label: string): () => void {
  const key = Symbol(label);
  underWay.set(key, label);
  return () => {
    if (!underWay.delete(key) || underWay.size > 0) return;
    const resume = waiting;
    waiting = [];
    for (const each of resume) each();
  };
}

function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

/** Resolves once nothing is under way and the window was painted twice since. */
export async function idle(): Promise<void> {
  for (;;) {
    if (underWay.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    await painted();
    if (underWay.size === 0) return;
  }
}

/** The same client; its calls count as under way. */
export function tracked(client: EngineClient): EngineClient {
  return {
    async call(name, input, signal) {
      const done = busy(name);
      try {
        return await client.call(name, input, signal);
      } finally {
        done();
      }
    },
    subscribe: (event, listener) => client.subscribe(event, listener),
    close: () => client.close(),
  };
}
