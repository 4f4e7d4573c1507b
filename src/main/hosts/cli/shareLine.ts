import process from 'node:process';

const everyMillis = 100;

/** Says on a terminal's stderr how far something long is; says nothing elsewhere, and of what is over at once. */
export class ShareLine {
  readonly #what: string;
  #due = performance.now() + 2 * everyMillis;
  #isShown = false;

  /** @param what as in `exporting` */
  constructor(what: string) {
    this.#what = what;
  }

  /** @param share 0…1 */
  tell(share: number): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now < this.#due) return;
    this.#due = now + everyMillis;
    this.#isShown = true;
    process.stderr.write(`\r\u001b[K${this.#what}: ${String(Math.floor(share * 100))} %, Ctrl+C stops it`);
  }

  end(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
    this.#isShown = false;
  }
}

/** Brings a file in with such a line. */
export async function withShareLine<T>(
  bringIn: (watched: { readonly told: (share: number) => void }) => Promise<T>,
): Promise<T> {
  const line = new ShareLine('bringing in');
  try {
    return await bringIn({
      told: (share) => {
        line.tell(share);
      },
    });
  } finally {
    line.end();
  }
}
