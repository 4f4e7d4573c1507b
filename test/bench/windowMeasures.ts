import { once } from 'node:events';
import { fork, type ChildProcess } from 'node:child_process';
import { loadavg } from 'node:os';
import type { Page } from 'playwright';
import { spreadOf, type Spread } from './spread.ts';
import type { WantedRows } from './windowPage.ts';
import { idle, type EngineFacts, type MeasuredWindow, type ProcessMemory } from './windowApp.ts';
import type { WindowServerMessage } from './windowServer.ts';

export interface RecordingUnderLoad {
  readonly bytes: number;
  readonly seconds: number;
  /** Between animation frames of the window. */
  readonly frames: Spread;
  readonly engine: EngineFacts;
  readonly engineIdleBytes: number;
  readonly engineMemory: ProcessMemory;
  readonly windowMemory: ProcessMemory;
  /** Of the machine over the minute before the round. */
  readonly loadBefore: number;
}

export interface StoredRecording {
  readonly millisToRows: number;
  readonly jumps: Spread;
  readonly keys: Spread;
  /** Between animation frames while the timeline is zoomed by wheel. */
  readonly zoom: Spread;
}

async function send(page: Page, url: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'URL' });
  await field.fill(url);
  await field.press('ControlOrMeta+Enter');
}

const verdict = (page: Page) => page.getByRole('status', { name: 'Verdict' });

async function completed(page: Page): Promise<void> {
  await verdict(page)
    .filter({ hasText: /complete/i })
    .waitFor({ timeout: 600_000 });
}

/** Records a stream to its end. */
export async function recordStream({ page }: MeasuredWindow, url: string): Promise<void> {
  await send(page, url);
  await completed(page);
  await idle(page);
}

/** Records a stream as fast as it comes, in the window that shows it. */
export async function measureUnderLoad(
  window: MeasuredWindow,
  url: string,
  bytes: number,
  profile: string | undefined,
): Promise<RecordingUnderLoad> {
  const { page } = window;
  const [loadBefore = NaN] = loadavg();
  const engineIdleBytes = (await window.memory('engine')).residentBytes;
  await window.forgetPeaks();
  await window.engine('reset');
  if (profile !== undefined) await window.engine('profile');
  await page.evaluate(() => streamscopeBench.startFrames());
  const start = performance.now();
  await send(page, url);
  await completed(page);
  const seconds = (performance.now() - start) / 1_000;
  const frames = await page.evaluate(() => streamscopeBench.endFrames());
  if (profile !== undefined) await window.engine(`profile ${profile}`);
  const engine = await window.engine('read');
  return {
    bytes,
    seconds,
    frames: spreadOf(frames),
    engine,
    engineIdleBytes,
    engineMemory: await window.memory('engine'),
    windowMemory: await window.memory('window'),
    loadBefore,
  };
}

async function until(page: Page, event: 'click' | 'keydown', wanted: WantedRows, act: () => Promise<void>) {
  await page.evaluate(([name, rows]) => streamscopeBench.arm(name, rows), [event, wanted] as const);
  await act();
  return page.evaluate(() => streamscopeBench.armed());
}

/** The same places on every run. */
function* shares(count: number): Generator<number> {
  let state = 12_345;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

const zoomMillis = 3_000;
const wheelsInARow = 24;

/** Opens the library's newest recording, scrolls it everywhere and zooms its timeline. */
export async function measureStored({ page }: MeasuredWindow, frames: number): Promise<StoredRecording> {
  const recording = page.getByRole('listbox', { name: 'Recordings' }).getByRole('option').first();
  await recording.waitFor();
  const millisToRows = await until(page, 'click', { first: 0, tolerance: 0 }, () => recording.click());
  await idle(page);

  const jumps: number[] = [];
  for (const share of shares(40)) {
    jumps.push(await page.evaluate(([to, total]) => streamscopeBench.jump(to, total), [share, frames] as const));
    await idle(page);
  }
  await page.getByRole('grid', { name: 'Frames' }).focus();
  const keys: number[] = [];
  for (let i = 0; i < 5; i++) {
    keys.push(await until(page, 'keydown', { last: frames - 1 }, () => page.keyboard.press('Shift+G')));
    await idle(page);
    keys.push(await until(page, 'keydown', { first: 0, tolerance: 0 }, () => page.keyboard.press('g')));
    await idle(page);
  }

  const plot = page.getByRole('region', { name: 'Timeline' }).locator('canvas').last();
  await plot.hover();
  await page.evaluate(() => streamscopeBench.startFrames());
  const start = performance.now();
  for (let i = 0; performance.now() - start < zoomMillis; i++) {
    await page.mouse.wheel(0, i % (2 * wheelsInARow) < wheelsInARow ? -60 : 60);
  }
  const zoom = spreadOf(await page.evaluate(() => streamscopeBench.endFrames()));
  return { millisToRows, jumps: spreadOf(jumps), keys: spreadOf(keys), zoom };
}

const framesPerSecond = 1_000;
const pacedSeconds = 8;
const warmUpSeconds = 2;

/** From the server's writing of a frame until it or a later one is the painted table's last row. */
export async function measureArrivals({ page }: MeasuredWindow, server: WindowServer): Promise<Spread> {
  const told = server.written();
  await page.evaluate(() => streamscopeBench.startTail());
  await send(page, `${server.origin}/paced/${framesPerSecond}/${pacedSeconds}`);
  const written = await told;
  await completed(page);
  await idle(page);
  const painted = await page.evaluate(() => streamscopeBench.endTail());
  const latencies: number[] = [];
  for (let n = warmUpSeconds * framesPerSecond, i = 0; n < written.length; n++) {
    while (i < painted.frames.length && (painted.frames[i] ?? -1) < n) i++;
    const at = painted.atMillis[i];
    if (at === undefined) throw new Error(`frame ${n} was never painted`);
    latencies.push(at - (written[n] ?? NaN));
  }
  return spreadOf(latencies);
}

export interface WindowServer {
  readonly origin: string;
  /** When the events of the next paced stream were written. */
  written(): Promise<readonly number[]>;
  close(): void;
}

export async function startWindowServer(): Promise<WindowServer> {
  const child: ChildProcess = fork(new URL('./windowServer.ts', import.meta.url).pathname);
  const next = async (): Promise<WindowServerMessage> => ((await once(child, 'message')) as [WindowServerMessage])[0];
  const first = await next();
  if (first.type !== 'listening') throw new Error('the server did not say where it listens');
  return {
    origin: `http://127.0.0.1:${first.port}`,
    async written() {
      const message = await next();
      if (message.type !== 'written') throw new Error('the server did not say when it wrote');
      return message.atMillis;
    },
    close: () => child.disconnect(),
  };
}
