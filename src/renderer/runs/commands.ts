import { registerCommands } from '../state/commands.ts';
import { useSending } from '../state/sending.ts';
import { openRuns, showRunSet } from './runsState.ts';

const group = 'Request';

registerCommands([
  {
    id: 'runs.new',
    title: 'Send N times…',
    group,
    when: () => useSending.getState().draft.url.trim() !== '',
    run: () => {
      showRunSet(null);
      openRuns();
    },
  },
  { id: 'runs.show', title: 'Show run sets', group, run: openRuns },
]);
