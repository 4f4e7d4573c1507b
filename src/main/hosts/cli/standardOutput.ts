import process from 'node:process';

/** Standard output as somebody prints to it who can be held: writes never pile up unseen. */
export class StandardOutput {
  #behind = false;
  /** Called when the reader does not keep up, once each time. */
  onBehind: () => void = () => undefined;

  get isBehind(): boolean {
    return this.#behind;
  }

  write(text: string | Uint8Array): void {
    if (process.stdout.write(text) || this.#behind) return;
    this.#behind = true;
    process.stdout.once('drain', () => {
      this.#behind = false;
    });
    this.onBehind();
  }

  /** Resolves when everything was taken. */
  async drained(): Promise<void> {
    if (!this.#behind) return;
    await new Promise<void>((resolve) => {
      process.stdout.once('drain', resolve);
    });
  }
}
