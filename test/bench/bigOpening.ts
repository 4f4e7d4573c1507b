import type { Instrument } from '../../src/main/instrument/createInstrument.ts';
import type { RecordingId } from '../../src/shared/words.ts';
import { spreadOf, type Spread } from './spread.ts';

/** Milliseconds unless a name says other. */
export interface BigOpening {
  /** From the click until detail, first rows and timeline are there. */
  readonly firstRows: number;
  /** From then until everything is derived; null where it was kept. */
  readonly derived: number | null;
  /** A page of rows and what the window asks beside it, at places all over the recording. */
  readonly seeks: Readonly<Record<'frame' | 'time' | 'byte' | 'end', Spread>>;
  /** Columns of parts of the timeline, from all of it to a thousandth. */
  readonly timeline: Spread;
  /** Figures of a span that is the whole recording. */
  readonly span: number;
  readonly timing: number;
  /** Until a filter by words tells its first findings; until it had looked at 1 % of the frames. */
  readonly searchStart: number;
  /** Longest that any other call had to wait meanwhile. */
  readonly stallWhileFiltering: number;
}

/** As in the window: rows of a page, columns of a timeline 1,200 px wide with half as much on each side. */
const rowsPerPage = 128;
const columns = 2_400;
const seeksEach = 100;

/** Opens a recording as the window does, and goes everywhere in it. */
export async function openAndSeek(instrument: Instrument, id: RecordingId): Promise<BigOpening> {
  const { handlers } = instrument;
  const context = { signal: new AbortController().signal, session: 'bench' };
  const all = { filterId: null, foldHeartbeats: false };
  const timed = async (act: () => Promise<void>): Promise<number> => {
    const start = performance.now();
    await act();
    return performance.now() - start;
  };
  const rows = async (from: number) =>
    handlers['recording.rows']({ id, from: Math.max(0, from), count: rowsPerPage, ...all }, context);
  const timeline = async (fromMicros: number, toMicros: number) =>
    handlers['recording.timeline'](
      { id, fromMicros: Math.floor(fromMicros), toMicros: Math.ceil(toMicros), columns },
      context,
    );

  let endMicros = 0;
  const firstRows = await timed(async () => {
    const { exchange } = await handlers['recording.read']({ id }, context);
    endMicros = exchange.ending?.atMicros ?? 0;
    while ((await rows(0)).n.length < rowsPerPage) await new Promise((resolve) => setImmediate(resolve));
    await timeline(0, endMicros * 1.5);
    await handlers['recording.diagnostics']({ id, from: 0, count: 100 }, context);
  });
  const { analysisProgress } = await handlers['recording.read']({ id }, context);
  let derived: number | null = null;
  if (analysisProgress !== null) {
    derived = await timed(async () => {
      for (;;) {
        const { analysisProgress: share } = await handlers['recording.read']({ id }, context);
        if (share === null) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
  }
  const { summary, readableBodyBytes } = await handlers['recording.read']({ id }, context);
  const frames = summary.counts.frames;
  const shares = placesOf(seeksEach);
  const seek = async (frameOf: (share: number) => Promise<number>): Promise<Spread> => {
    const millis: number[] = [];
    for (const share of shares) {
      millis.push(
        await timed(async () => {
          const frame = await frameOf(share);
          await rows(frame - (frame % rowsPerPage));
          await handlers['recording.frame']({ id, frame }, context);
        }),
      );
    }
    return spreadOf(millis);
  };
  const seeks = {
    frame: await seek((share) => Promise.resolve(Math.floor(share * (frames - 1)))),
    time: await seek(async (share) => {
      const { frame } = await handlers['recording.frameAt']({ id, micros: Math.floor(share * endMicros) }, context);
      return frame ?? 0;
    }),
    byte: await seek(async (share) => {
      const offset = Math.floor(share * (readableBodyBytes - 65_536));
      await handlers['recording.bytes']({ id, space: 'body', offset, length: 65_536 }, context);
      await handlers['recording.chunks']({ id, offset, length: 65_536 }, context);
      const { frame } = await handlers['recording.frameAtOffset']({ id, offset }, context);
      return frame ?? 0;
    }),
    end: await seek((share) => Promise.resolve(share < 0.5 ? frames - 1 : 0)),
  };
  const zooms: number[] = [];
  for (const share of shares) {
    const width = endMicros / 1_000 ** ((zooms.length % 10) / 9);
    const from = share * (endMicros - width);
    zooms.push(
      await timed(async () => {
        await timeline(from, from + width);
      }),
    );
  }
  const span = await timed(async () => {
    await handlers['recording.span']({ id, fromMicros: 0, toMicros: endMicros }, context);
  });
  const timing = await timed(async () => {
    await handlers['recording.timing']({ id }, context);
  });
  return {
    firstRows,
    derived,
    seeks,
    timeline: spreadOf(zooms),
    span,
    timing,
    ...(await search(instrument, id, frames)),
  };
}

/** A search by words that every event holds, as far as a hundredth of the frames. */
async function search(
  instrument: Instrument,
  id: RecordingId,
  frames: number,
): Promise<Pick<BigOpening, 'searchStart' | 'stallWhileFiltering'>> {
  const { handlers } = instrument;
  const context = { signal: new AbortController().signal, session: 'bench' };
  const start = performance.now();
  let searchStart = NaN;
  let stall = 0;
  const opened = await handlers['filter.open']({ id, expression: 'lazy' }, context);
  await new Promise<void>((resolve) => {
    const end = instrument.subscribe('filter.advanced', ({ filterId, matches, scannedFrames, done }) => {
      if (filterId !== opened.filterId) return;
      if (Number.isNaN(searchStart) && matches > 0) searchStart = performance.now() - start;
      if (!done && scannedFrames < frames / 100) return;
      end();
      clearInterval(beat);
      resolve();
    });
    let last = performance.now();
    const beat = setInterval(() => {
      const now = performance.now();
      stall = Math.max(stall, now - last);
      last = now;
    }, 1);
  });
  await handlers['filter.close']({ filterId: opened.filterId }, context);
  return { searchStart, stallWhileFiltering: stall };
}

/** The same places on every run. */
function placesOf(count: number): readonly number[] {
  let state = 12_345;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  });
}
