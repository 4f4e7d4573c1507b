import { z } from 'zod';

/** In device-independent pixels of the whole desktop. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const placementSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  isMaximized: z.boolean(),
  isFullScreen: z.boolean(),
});
/** Where the window was: its bounds when neither maximised nor full screen. */
export type Placement = z.infer<typeof placementSchema>;

export const smallestWindow = { width: 800, height: 520 } as const;
const usualWindow = { width: 1_440, height: 900 } as const;
/** Of the window's top edge, enough to take hold of it. */
const graspable = { width: 120, height: 40 } as const;

function canBeGrasped(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return width >= graspable.width && window.y >= area.y && window.y + graspable.height <= area.y + area.height;
}

const within = (value: number, low: number, high: number) => Math.max(low, Math.min(value, high));

function fitted(size: { readonly width: number; readonly height: number }, area: Rectangle) {
  return {
    width: within(size.width, smallestWindow.width, area.width),
    height: within(size.height, smallestWindow.height, area.height),
  };
}

/**
 * Where to put the window: where it was, as long as a display that is there now shows enough of it to take hold of;
 * else in the middle of the first display. Never larger than its display.
 * @param workAreas of the displays, the primary one first
 */
export function placeWindow(saved: Placement | null, workAreas: readonly Rectangle[]): Placement {
  if (saved !== null) {
    for (const area of workAreas) {
      const placed = { ...saved, ...fitted(saved, area) };
      if (canBeGrasped(placed, area)) return placed;
    }
  }
  const area = workAreas[0] ?? { x: 0, y: 0, ...usualWindow };
  const { width, height } = fitted(saved ?? usualWindow, area);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
    isMaximized: saved?.isMaximized ?? false,
    isFullScreen: false,
  };
}
