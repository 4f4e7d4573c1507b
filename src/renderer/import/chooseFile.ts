import type { EngineClient } from '../../shared/calls.ts';
import { bringInAll } from './importing.ts';

/** Lets the user choose files: by the system's dialog where the host has one, else by the browser's. */
export function chooseFile(engine: EngineClient, showOpenDialog: (() => void) | null): void {
  if (showOpenDialog !== null) {
    showOpenDialog();
    return;
  }
  const field = document.createElement('input');
  field.type = 'file';
  field.multiple = true;
  field.addEventListener('change', () => void bringInAll(engine, [...(field.files ?? [])]), { once: true });
  field.click();
}
