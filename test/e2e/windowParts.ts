import type { Locator, Page } from 'playwright/test';

/** The window's regions as its user finds them: by role and name. */
export interface WindowParts {
  readonly url: Locator;
  readonly send: Locator;
  readonly stop: Locator;
  /** The button that opens a part of the request for editing. */
  panel(name: 'Headers' | 'Body' | 'Auth' | 'Options'): Locator;
  readonly status: Locator;
  readonly counts: Locator;
  readonly verdict: Locator;
  /** Rows of the library. */
  readonly recordings: Locator;
  readonly grid: Locator;
  /** Rows of the frame table that are in the document, without its heading. */
  readonly rows: Locator;
  readonly filter: Locator;
  readonly timeline: Locator;
  /** The timeline in words. */
  readonly timelineText: Locator;
  /** The canvas that takes the pointer. */
  readonly plot: Locator;
  /** A checksum of the timeline's lanes as they are drawn. */
  readonly drawnLanes: () => Promise<number>;
  /** A checksum of what is drawn over them: the selected frame's cursor, the span. */
  readonly drawnMarks: () => Promise<number>;
  /** Frames are numbered from 0 here, as in the contract; the window counts from 1. */
  row(frame: number): Locator;
  /** The inspector while it shows that frame. */
  inspector(frame: number): Locator;
  tab(name: 'Frames' | 'Message' | 'Diagnostics' | 'Timing' | 'Raw' | 'Exchange' | 'Compare'): Locator;
  /** A sample on the first screen. */
  sample(name: string): Locator;
  /** Sends a request from the URL field, as its user does. */
  request(url: string): Promise<void>;
}

const grouped = new Intl.NumberFormat('en-US');

function checksum(canvas: Element): number {
  let sum = 0;
  for (const character of (canvas as HTMLCanvasElement).toDataURL()) {
    sum = (Math.imul(sum, 31) + character.charCodeAt(0)) | 0;
  }
  return sum;
}

export function windowParts(page: Page): WindowParts {
  const url = page.getByRole('textbox', { name: 'URL' });
  const timeline = page.getByRole('region', { name: 'Timeline' });
  const grid = page.getByRole('grid', { name: 'Frames' });
  return {
    url,
    send: page.getByRole('button', { name: 'Send', exact: true }),
    stop: page.getByRole('button', { name: 'Stop', exact: true }),
    panel: (name) => page.getByRole('group', { name: 'Parts of the request' }).getByRole('button', { name }),
    status: page.getByRole('group', { name: 'Status' }),
    counts: page.getByRole('group', { name: 'Counts' }),
    verdict: page.getByRole('status', { name: 'Verdict' }),
    recordings: page.getByRole('listbox', { name: 'Recordings' }).getByRole('option'),
    grid,
    rows: grid.locator('[data-frame]'),
    filter: page.getByRole('searchbox', { name: 'Filter frames' }),
    timeline,
    timelineText: timeline.locator('#ss-timeline-text'),
    plot: timeline.locator('canvas').last(),
    drawnLanes: () => timeline.locator('canvas').first().evaluate(checksum),
    drawnMarks: () => timeline.locator('canvas').last().evaluate(checksum),
    row: (frame) => grid.locator(`[data-frame="${frame}"]`),
    inspector: (frame) => page.getByRole('region', { name: `Frame ${grouped.format(frame + 1)}`, exact: true }),
    tab: (name) => page.getByRole('tab', { name }),
    sample: (name) => page.getByRole('region', { name: 'Sample recordings' }).getByRole('button', { name }),
    async request(address) {
      await url.fill(address);
      await url.press('ControlOrMeta+Enter');
    },
  };
}
