import { z } from 'zod';
import type { FileOpening } from '../../../shared/desktopBridge.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { Settings } from '../../../shared/settings.ts';

/** What main tells the engine process. `connect` brings the port of a window. */
export type ToEngineProcess =
  { readonly type: 'connect' } | { readonly type: 'openFile'; readonly file: string } | { readonly type: 'shutDown' };

/** What the engine process tells main. Both are of one build, so main takes these at their declared types. */
export type FromEngineProcess =
  | { readonly type: 'ready' }
  /** It cannot start; it exits next. */
  | { readonly type: 'unable'; readonly failure: Failure }
  | { readonly type: 'live'; readonly count: number }
  | { readonly type: 'theme'; readonly theme: Settings['theme'] }
  | { readonly type: 'file'; readonly opening: FileOpening };

/** How main composes the engine; travels as JSON in the process's one argument. */
export const engineConfigSchema = z.object({
  version: z.string(),
  folder: z.string(),
  samplesFolder: z.string().nullable(),
  notices: z.array(z.string()),
});
export type EngineConfig = z.infer<typeof engineConfigSchema>;

export const toEngineProcessSchema: z.ZodType<ToEngineProcess> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connect') }),
  z.object({ type: z.literal('openFile'), file: z.string() }),
  z.object({ type: z.literal('shutDown') }),
]);
