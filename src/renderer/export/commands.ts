import { registerCommands } from '../state/commands.ts';
import { showOverlay } from '../state/overlay.ts';
import { openRecordingNow } from '../state/recording.ts';
import { showsRecording, useView } from '../state/view.ts';

registerCommands([
  {
    id: 'recording.export',
    title: 'Export this recording…',
    group: 'Window',
    keys: ['Mod+S'],
    when: () => showsRecording(useView.getState()) && openRecordingNow().detail?.summary.state === 'ended',
    run: () => showOverlay('export'),
  },
]);
