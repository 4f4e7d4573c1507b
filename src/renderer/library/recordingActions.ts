import type { EngineClient } from '../../shared/calls.ts';
import type { RecordingChange } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { failureOf } from '../state/failureOf.ts';
import { notify, notifyFailure } from '../state/notices.ts';
import { useView, viewActions } from '../state/view.ts';
import { formatDateTime } from '../ui/format.ts';

/** Says something of a recording; what went wrong is told at the window's edge. */
export async function changeRecording(
  engine: EngineClient,
  { id }: RecordingSummary,
  change: RecordingChange,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  try {
    await engine.call('library.change', { ids: [id], ...given });
  } catch (error) {
    notifyFailure(failureOf(error));
  }
}

/** Removes a recording, and offers to bring it back. */
export async function removeRecording(engine: EngineClient, summary: RecordingSummary): Promise<void> {
  const { id, name, startedAt } = summary;
  try {
    await engine.call('library.remove', { ids: [id] });
  } catch (error) {
    notifyFailure(failureOf(error));
    return;
  }
  const wasOpen = useView.getState().recordingId === id;
  if (wasOpen) viewActions.openRecording(null);
  notify({
    tone: 'info',
    text: `“${name}” of ${formatDateTime(startedAt)} was deleted.`,
    action: { title: 'Undo', run: () => void bringBack(engine, summary, wasOpen) },
  });
}

async function bringBack(engine: EngineClient, { id, name }: RecordingSummary, reopen: boolean): Promise<void> {
  try {
    const { ids } = await engine.call('library.undoRemove', { ids: [id] });
    if (ids.length === 0) notify({ tone: 'warning', text: `“${name}” is gone: the time to bring it back is over.` });
    else if (reopen) viewActions.openRecording(id);
  } catch (error) {
    notifyFailure(failureOf(error));
  }
}
