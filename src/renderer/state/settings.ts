import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import { defaultSettings, type Settings } from '../../shared/settings.ts';
import { failureOf, isCancelled } from './failureOf.ts';

interface SettingsState {
  readonly settings: Settings;
  /** False until the stored ones arrived (or could not be read, which `failure` then says). */
  readonly loaded: boolean;
  /** Why settings could not be read or kept. */
  readonly failure: Failure | null;
}

const useSettingsStore = create<SettingsState>()(() => ({ settings: defaultSettings, loaded: false, failure: null }));

let write: ((patch: Partial<Settings>) => void) | null = null;

export function useSettings(): Settings {
  return useSettingsStore((state) => state.settings);
}

export function settingsNow(): Settings {
  return useSettingsStore.getState().settings;
}

export function useSettingsState(): SettingsState {
  return useSettingsStore();
}

/** Calls the listener with the settings now and whenever they change. */
export function onSettings(listener: (settings: Settings) => void): () => void {
  listener(settingsNow());
  return useSettingsStore.subscribe((state, before) => {
    if (state.settings !== before.settings) listener(state.settings);
  });
}

/** Changes settings at once in this window and then in the engine's keeping. */
export function changeSettings(patch: Partial<Settings>): void {
  useSettingsStore.setState((state) => ({ settings: { ...state.settings, ...patch } }));
  write?.(patch);
}

/** Reads the settings and keeps later changes. Returns the function that ends it. */
export function followSettings(engine: EngineClient): () => void {
  const controller = new AbortController();
  // What the user changed before the stored settings arrived is newer than they are.
  let changedMeanwhile: Partial<Settings> = {};

  async function read(): Promise<void> {
    try {
      const stored = await engine.call('settings.read', {}, controller.signal);
      useSettingsStore.setState({ settings: { ...stored, ...changedMeanwhile }, loaded: true, failure: null });
    } catch (error) {
      if (!isCancelled(error)) useSettingsStore.setState({ loaded: true, failure: failureOf(error) });
    }
  }

  async function keep(patch: Partial<Settings>): Promise<void> {
    try {
      await engine.call('settings.write', { patch }, controller.signal);
      useSettingsStore.setState({ failure: null });
    } catch (error) {
      if (!isCancelled(error)) useSettingsStore.setState({ failure: failureOf(error) });
    }
  }

  write = (patch) => {
    changedMeanwhile = { ...changedMeanwhile, ...patch };
    void keep(patch);
  };
  void read();
  return () => {
    controller.abort();
    write = null;
  };
}
