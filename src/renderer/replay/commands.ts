import { registerCommands } from '../state/commands.ts';
import { showOverlay } from '../state/overlay.ts';
import { openRecordingNow } from '../state/recording.ts';
import { sendAgain } from './sendAgain.ts';

const group = 'Request';

registerCommands([
  { id: 'replay.show', title: 'Replay…', group, run: () => showOverlay('replay') },
  {
    id: 'replay.sendAgain',
    title: 'Send the request of this recording again',
    group,
    when: () => (openRecordingNow().detail?.exchange.request ?? null) !== null,
    run: ({ engine }) => {
      const { detail } = openRecordingNow();
      const request = detail?.exchange.request ?? null;
      if (detail !== null && request !== null) sendAgain(engine, request, detail.exchange.framingOverride);
    },
  },
]);
