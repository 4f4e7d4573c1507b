import { z } from 'zod';
import { platforms, type DesktopBridge } from '../../shared/desktopBridge.ts';
import { desktopHost } from './desktopHost.ts';
import type { HostConnection } from './hostConnection.ts';
import { webHost } from './webHost.ts';

const bridgeSchema: z.ZodType<DesktopBridge> = z.object({
  platform: z.enum(platforms),
  send: z.custom<DesktopBridge['send']>((value) => typeof value === 'function'),
  listen: z.custom<DesktopBridge['listen']>((value) => typeof value === 'function'),
});

/**
 * Finds out where this page runs and joins it to its engine. Returns at once: calls made before the engine listens
 * wait for it, and `connection()` says how it goes.
 */
export function connectHost(): HostConnection {
  const exposed: unknown = Reflect.get(window, 'streamscopeBridge');
  return exposed === undefined ? webHost() : desktopHost(bridgeSchema.parse(exposed));
}
