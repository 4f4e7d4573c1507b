import { registerCommands } from '../state/commands.ts';
import { showOverlay } from '../state/overlay.ts';
import { useView } from '../state/view.ts';

registerCommands([
  {
    id: 'recording.conversation',
    title: 'Show the conversation',
    group: 'Views',
    when: () => useView.getState().recordingId !== null,
    run: () => showOverlay('conversation'),
  },
]);
