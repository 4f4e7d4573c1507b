import process from 'node:process';
import { duration } from '../../../engine/recording/verdict.ts';

const silentAfterMillis = 1_500;
const everyMillis = 500;
/** Back to the beginning of the line, and everything on it erased (ECMA-48: CR, EL). */
const eraseLine = '\r\u001b[K';

/** Says on a terminal for how long nothing has come, on a line that goes away when something does. */
export class SilenceLine {
  #since = performance.now();
  #isShown = false;
  #hasHeard = false;
  readonly #timer: NodeJS.Timeout | null;

  constructor() {
    const isWatched = process.stdout.isTTY && process.stderr.isTTY;
    this.#timer = isWatched
      ? setInterval(() => {
          this.#show();
        }, everyMillis)
      : null;
    this.#timer?.unref();
  }

  /** Something came and is about to be printed. */
  heard(): void {
    this.#erase();
    this.#since = performance.now();
    this.#hasHeard = true;
  }

  /** Nothing more will come. */
  close(): void {
    this.#erase();
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  #show(): void {
    const millis = performance.now() - this.#since;
    if (millis < silentAfterMillis) return;
    const what = this.#hasHeard ? 'silent for' : 'nothing yet for';
    process.stderr.write(`${eraseLine}… ${what} ${duration(Math.floor(millis / 100) * 100_000)}`);
    this.#isShown = true;
  }

  #erase(): void {
    if (this.#isShown) process.stderr.write(eraseLine);
    this.#isShown = false;
  }
}
