import { z } from 'zod';
import { proxyRouteSchema } from './proxy.ts';

/** What the window remembers between starts. Kept beside the recordings, so every host finds the same. */
export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark', 'high-contrast']),
  /** Sizes of panes in pixels, by name. */
  panes: z.record(z.string().max(64), z.number().min(0).max(10_000)),
  /** Collapsed panes by name. */
  collapsed: z.array(z.string().max(64)).max(64),
  /** Columns of the frame table that are shown, in order. */
  frameColumns: z
    .array(z.enum(['n', 'type', 'data', 'size', 'time', 'gap', 'id', 'offset', 'chunk', 'tokens']))
    .max(16),
  timeMode: z.enum(['relative', 'absolute']),
  foldHeartbeats: z.boolean(),
  followRedirects: z.boolean(),
  /** Ended recordings that are older are removed, unless starred; null: kept. */
  keepDays: z.number().int().min(1).max(36_500).nullable(),
  /** While the recordings take more bytes, the oldest are removed, unless starred; null: no limit. */
  keepBytes: z.number().int().min(1_000_000).max(Number.MAX_SAFE_INTEGER).nullable(),
  /** The user's own routes of the proxy. */
  proxyRoutes: z.array(proxyRouteSchema).max(64),
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
  keepDays: null,
  keepBytes: null,
  proxyRoutes: [],
  lastRequest: null,
};
