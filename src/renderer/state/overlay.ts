import { create } from 'zustand';

export type Overlay =
  'palette' | 'recordings' | 'compare' | 'settings' | 'keys' | 'runs' | 'replay' | 'conversation' | 'export';

const useOverlayStore = create<{ readonly overlay: Overlay | null }>()(() => ({ overlay: null }));

/** The dialog that lies over the window; null: none. */
export function useOverlay(): Overlay | null {
  return useOverlayStore((state) => state.overlay);
}

export function showOverlay(overlay: Overlay | null): void {
  useOverlayStore.setState({ overlay });
}
