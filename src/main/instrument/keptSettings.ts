import { defaultSettings, settingsSchema, type Settings } from '../../shared/settings.ts';
import type { Library } from '../store/recordingStore.ts';

/** What is kept of the settings, each on its own: one that no longer fits falls back to its default. */
export function readSettings(library: Library): Settings {
  const kept = library.readSettings();
  if (typeof kept !== 'object' || kept === null) return defaultSettings;
  const fitting = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse((kept as Readonly<Record<string, unknown>>)[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return settingsSchema.parse({ ...defaultSettings, ...Object.fromEntries(fitting) });
}

export function changeSettings(
  library: Library,
  patch: { readonly [Name in keyof Settings]?: Settings[Name] | undefined },
): Settings {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const settings = settingsSchema.parse({ ...readSettings(library), ...given });
  library.writeSettings(settings);
  return settings;
}
