export interface ListenerAddress {
  readonly address: string;
  readonly port: number;
}

/** Servers of this program that the proxy must never ask: itself, and the window's own, which trusts who reaches it. */
export class OwnListeners {
  readonly #known = new Set<string>();

  /** @returns takes it out again */
  add(listener: ListenerAddress): () => void {
    const key = keyOf(listener);
    this.#known.add(key);
    return () => {
      this.#known.delete(key);
    };
  }

  /** @param connected what a socket says it is connected to, so that no spelling of an address hides it */
  has(connected: ListenerAddress): boolean {
    return this.#known.has(keyOf(connected));
  }
}

function keyOf({ address, port }: ListenerAddress): string {
  return `${address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '')}|${String(port)}`;
}
