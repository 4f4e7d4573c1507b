import { registerCommands } from '../state/commands.ts';
import { showOverlay } from '../state/overlay.ts';
import { openRecordingNow } from '../state/recording.ts';

registerCommands([
  {
    id: 'recording.export',
    title: 'Export this recording…',
    group: 'Window',
    keys: ['Mod+S'],
    when: () => openRecordingNow().detail?.summary.state === 'ended',
    run: () => showOverlay('export'),
  },
]);
