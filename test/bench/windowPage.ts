/**
 * What runs in the measured page. Each function is sent there as its own text, so it uses nothing from outside but the
 * probe that `installProbe` leaves there.
 *
 * A moment of painting is taken in a task posted by an animation frame, which runs when the page has handed that frame to
 * the compositor; what the frame shows is read in the animation frame itself.
 */
export interface PageProbe {
  /** Milliseconds from the next such event until the rows that were asked for are painted. */
  arm(event: 'click' | 'keydown', wanted: WantedRows): void;
  /** The same from scrolling to that share of the scrollbar's way. */
  jump(share: number, total: number): Promise<number>;
  armed(): Promise<number>;
  startFrames(): void;
  /** Milliseconds between animation frames since `startFrames`. */
  endFrames(): readonly number[];
  startTail(): void;
  /** Which last row was painted when: frame numbers and wall clock milliseconds. */
  endTail(): { readonly frames: readonly number[]; readonly atMillis: readonly number[] };
}

/** Frame number of the first row in view, give or take one where a scrollbar's pixels are coarser, or of the last. */
export type WantedRows = { readonly first: number; readonly tolerance: number } | { readonly last: number };

declare global {
  /** In the measured page only. */
  var streamscopeBench: PageProbe;
}

export function installProbe(): void {
  const rowPixels = 24;
  const patienceMillis = 60_000;
  const painted = (then: () => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(null);
  };
  const scroller = (): HTMLElement | null => document.querySelector('[role="grid"][aria-label="Frames"]');

  /** All places in view are filled, in order, each with the data of its own number. */
  const shows = (wanted: WantedRows): boolean => {
    const grid = scroller();
    if (grid === null) return false;
    const rows = [...grid.querySelectorAll<HTMLElement>('[role="row"]')];
    if (rows.length < Math.floor(grid.clientHeight / rowPixels) || rows.length === 0) return false;
    const numbers = rows.map((row) => Number(row.dataset['frame'] ?? NaN));
    const [first = NaN] = numbers;
    if ('last' in wanted ? numbers.at(-1) !== wanted.last : !(Math.abs(first - wanted.first) <= wanted.tolerance)) {
      return false;
    }
    return rows.every((row, i) => numbers[i] === first + i && row.textContent.includes(`{"n":${first + i},`));
  };

  const whenShown = (sinceMillis: number, wanted: WantedRows): Promise<number> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (performance.now() - sinceMillis > patienceMillis) {
          reject(new Error(`the rows ${JSON.stringify(wanted)} were never shown`));
        } else if (shows(wanted)) {
          painted(() => resolve(performance.now() - sinceMillis));
        } else {
          requestAnimationFrame(look);
        }
      };
      requestAnimationFrame(look);
    });

  let armed: Promise<number> = Promise.reject(new Error('nothing was armed'));
  armed.catch(() => undefined);
  let frames: number[] | null = null;
  let tail: { frames: number[]; atMillis: number[] } | null = null;

  const created: PageProbe = {
    arm(event, wanted) {
      armed = new Promise((resolve, reject) => {
        const happened = ({ timeStamp }: Event): void => {
          whenShown(timeStamp, wanted).then(resolve, reject);
        };
        addEventListener(event, happened, { capture: true, once: true });
      });
    },
    armed: () => armed,
    jump(share, total) {
      const grid = scroller();
      if (grid === null) throw new Error('there is no frame table');
      const most = grid.scrollHeight - grid.clientHeight;
      const start = performance.now();
      grid.scrollTop = share * most;
      const contentTop = (grid.scrollTop / most) * (total * rowPixels - grid.clientHeight);
      return whenShown(start, { first: Math.floor(contentTop / rowPixels), tolerance: 1 });
    },
    startFrames() {
      const deltas: number[] = [];
      frames = deltas;
      let before = performance.now();
      const next = (): void => {
        const now = performance.now();
        deltas.push(now - before);
        before = now;
        if (frames === deltas) requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    endFrames() {
      const deltas = frames ?? [];
      frames = null;
      return deltas;
    },
    startTail() {
      const seen: NonNullable<typeof tail> = { frames: [], atMillis: [] };
      tail = seen;
      const next = (): void => {
        if (tail !== seen) return;
        const row = [...(scroller()?.querySelectorAll('[data-frame]') ?? [])].at(-1);
        const n = Number(/\{"n":(\d+),/.exec(row?.textContent ?? '')?.[1] ?? NaN);
        if (n > (seen.frames.at(-1) ?? -1)) {
          painted(() => {
            seen.frames.push(n);
            seen.atMillis.push(Date.now());
          });
        }
        requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },
    endTail() {
      const seen = tail ?? { frames: [], atMillis: [] };
      tail = null;
      return seen;
    },
  };
  globalThis.streamscopeBench = created;
}
