import { z } from 'zod';

/** What the window remembers between starts. Kept beside the recordings, so every host finds the same. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark', 'high-contrast']),
  /** Sizes of panes in pixels, by name. */
  panes: z.record(z.string().max(64), z.number().min(0).max(10_000)),
  /** Collapsed panes by name. */
  collapsed: z.array(z.string().max(64)).max(64),
  /** Columns of the frame table that are shown, in order. */
  frameColumns: z.array(z.enum(['n', 'type', 'data', 'size', 'time', 'gap', 'id', 'offset', 'chunk'])).max(16),
  timeMode: z.enum(['relative', 'absolute']),
  foldHeartbeats: z.boolean(),
  followRedirects: z.boolean(),
  /** The request bar as it was left; never holds a secret of the auth fields. */
  lastRequest: z.object({ method: z.string().max(32), url: z.string().max(65_536) }).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: 'system',
  panes: {},
  collapsed: [],
  frameColumns: ['n', 'type', 'data', 'size', 'time', 'gap'],
  timeMode: 'relative',
  foldHeartbeats: false,
  followRedirects: true,
  lastRequest: null,
};
