import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { settingsSchema } from '../../../shared/settings.ts';
import { placementSchema } from './windowPlacement.ts';

const memorySchema = z.object({
  placement: placementSchema.nullable(),
  /** What the settings said last, so that the window opens in its colours before the engine runs. */
  theme: settingsSchema.shape.theme,
});
type WindowMemoryState = z.infer<typeof memorySchema>;

/** What this machine remembers of the window itself, in a small file beside Electron's own data. */
export interface WindowMemory {
  readonly state: WindowMemoryState;
  remember(change: Partial<WindowMemoryState>): void;
}

export function openWindowMemory(folder: string, report: (problem: string) => void): WindowMemory {
  const file = join(folder, 'window.json');
  let state: WindowMemoryState = { placement: null, theme: 'system' };
  try {
    state = memorySchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const isFirstStart = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isFirstStart) report(`${file} is not readable and is written anew: ${String(error)}`);
  }
  return {
    get state() {
      return state;
    },
    remember(change) {
      state = { ...state, ...change };
      try {
        writeFileSync(file, JSON.stringify(state));
      } catch (error) {
        report(`the window's place could not be kept: ${String(error)}`);
      }
    },
  };
}
