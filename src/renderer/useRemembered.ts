import { useEffect } from 'react';
import { restoreDraft } from './state/sending.ts';
import { changeSettings, settingsNow, useSettingsState } from './state/settings.ts';
import { useView, viewActions } from './state/view.ts';

/** Brings back what the window looked like when it was last open, once that is known, and remembers changes of it. */
export function useRemembered(): void {
  const { loaded } = useSettingsState();
  useEffect(() => {
    if (!loaded) return;
    const settings = settingsNow();
    restoreDraft(settings);
    viewActions.setFoldHeartbeats(settings.foldHeartbeats);
    return useView.subscribe(({ foldHeartbeats }, before) => {
      if (foldHeartbeats !== before.foldHeartbeats) changeSettings({ foldHeartbeats });
    });
  }, [loaded]);
}
