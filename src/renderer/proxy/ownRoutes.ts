import type { ProxyDescription, ProxyRoute } from '../../shared/proxy.ts';

/** The user's own routes, such that they can be given back with a change. */
export function ownRoutes({ routes }: ProxyDescription): readonly ProxyRoute[] {
  return routes
    .filter(({ isBuiltIn }) => !isBuiltIn)
    .map(({ name, upstream, caPem, insecureTls }) => ({
      name,
      upstream,
      ...(caPem === undefined ? {} : { caPem }),
      ...(insecureTls === undefined ? {} : { insecureTls }),
    }));
}
