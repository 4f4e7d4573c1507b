/** A horizontal strip of the drawing, in device pixels. */
export interface Lane {
  readonly top: number;
  readonly height: number;
}

export type LaneName = 'phases' | 'chunks' | 'flags' | 'frames' | 'gaps';

/** Where everything lies, in device pixels. */
export interface TimelineLayout {
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly plotLeft: number;
  readonly plotWidth: number;
  /** Null when nothing is zoomed. */
  readonly overview: Lane | null;
  readonly ruler: Lane;
  readonly lanes: Readonly<Record<LaneName, Lane>>;
  /** The rate of tokens; null where there is no dialect. */
  readonly tokens: Lane | null;
  /** Where the lowest lane ends. */
  readonly bottom: number;
}

// CSS pixels, on the 4 px grid.
const gutter = 76;
const rightRoom = 12;
const overviewHeight = 20;
const rulerHeight = 24;
const phasesHeight = 16;
const flagsHeight = 12;
const framesHeight = 24;
const gapsHeight = 16;
const space = 4;
const leastChunks = 16;
/** The curve of tokens takes this share of what the other lanes leave, so that both it and the chunks can be read. */
const tokensShare = 0.55;
const leastTokens = 24;
const mostTokens = 64;

/**
 * @param width @param height in device pixels
 * @param withTokens room for the rate of tokens
 * @returns null when there is no room to draw on
 */
export function layOut(
  width: number,
  height: number,
  ratio: number,
  zoomed: boolean,
  withTokens = false,
): TimelineLayout | null {
  const px = (css: number): number => Math.round(css * ratio);
  const plotLeft = px(gutter);
  const plotWidth = width - plotLeft - px(rightRoom);
  if (plotWidth < px(40) || height < px(rulerHeight)) return null;
  let top = zoomed ? px(overviewHeight + space) : 0;
  const take = (css: number, spaceAfter = space): Lane => {
    const lane = { top, height: px(css) };
    top += px(css) + px(spaceAfter);
    return lane;
  };
  const ruler = take(rulerHeight, 0);
  const phases = take(phasesHeight);
  const below = flagsHeight + framesHeight + gapsHeight + 3 * space;
  const left = (height - top) / ratio - below - space;
  const tokensHeight = withTokens ? Math.min(mostTokens, Math.max(leastTokens, tokensShare * left)) : 0;
  const chunks = take(Math.max(leastChunks, left - (withTokens ? tokensHeight + space : 0)), space);
  const flags = take(flagsHeight, 0);
  const frames = take(framesHeight);
  const gaps = take(gapsHeight);
  const tokens = withTokens ? take(tokensHeight) : null;
  const lowest = tokens ?? gaps;
  return {
    width,
    height,
    ratio,
    plotLeft,
    plotWidth,
    overview: zoomed ? { top: px(space / 2), height: px(overviewHeight) } : null,
    ruler,
    lanes: { phases, chunks, flags, frames, gaps },
    tokens,
    bottom: lowest.top + lowest.height,
  };
}
