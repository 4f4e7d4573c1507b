import { useRecordingPart } from '../state/recording.ts';
import { showOverlay } from '../state/overlay.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { NewReplay } from './NewReplay.tsx';
import { RunningReplay } from './RunningReplay.tsx';
import { useReplays } from './useReplays.ts';
import './replay.css';

/** Serves the open recording as an endpoint, and shows everything that is being served. */
export function ReplayDialog() {
  const detail = useRecordingPart((live) => live.detail);
  const { replays, failure } = useReplays();
  return (
    <Dialog title="Replay" className="ss-replay" onClose={() => showOverlay(null)}>
      {failure !== null && <FailureBox failure={failure} />}
      {detail !== null && <NewReplay key={detail.summary.id} detail={detail} />}
      {replays?.map((replay) => (
        <RunningReplay key={replay.replayId} replay={replay} />
      ))}
      {detail === null && replays?.length === 0 && (
        <p className="ss-quiet">Nothing is being replayed. Open a recording to serve it.</p>
      )}
    </Dialog>
  );
}
