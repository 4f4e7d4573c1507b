import { useEffect } from 'react';
import { libraryNow, useLibrary } from './state/library.ts';
import { useView, viewActions } from './state/view.ts';

const openKey = 'streamscope.open';

/** Opens after a reload of the page what was open before it. A new window begins with the start. */
export function useReopening(): void {
  const { loaded } = useLibrary();
  useEffect(() => {
    if (!loaded) return;
    const former = sessionStorage.getItem(openKey);
    const { recordingId } = useView.getState();
    if (recordingId === null && libraryNow().recordings.some(({ id }) => id === former)) {
      viewActions.openRecording(former);
    }
    return useView.subscribe(({ recordingId: id }, { recordingId: before }) => {
      if (id === before) return;
      if (id === null) sessionStorage.removeItem(openKey);
      else sessionStorage.setItem(openKey, id);
    });
  }, [loaded]);
}
