import { registerCommands } from '../state/commands.ts';
import { mockNow, setMockRunning } from '../state/mock.ts';
import { showMockPanel, useMockPanel } from '../state/mockPanel.ts';
import { notify } from '../state/notices.ts';
import { openRecordingNow } from '../state/recording.ts';
import { isChanged, newScenario, saveScenario, scenarioFromRecording, useScenarios } from '../state/scenarios.ts';
import { useView } from '../state/view.ts';
import { templates } from './templates.ts';

const group = 'Mock server';

/** The scenario that is open in front of the user and was changed. */
function changedScenario(): string | null {
  const { drafts, open } = useScenarios.getState();
  const draft = drafts.find(({ key }) => key === open);
  const isShown = useView.getState().panel === 'mock' && useMockPanel.getState().section === 'scenarios';
  return isShown && draft !== undefined && isChanged(draft) ? draft.key : null;
}

registerCommands([
  { id: 'mock.show', title: 'Show the mock server', group, run: () => showMockPanel('endpoints') },
  {
    id: 'mock.requests',
    title: 'Show the requests that the mock server saw',
    group,
    run: () => showMockPanel('requests'),
  },
  { id: 'mock.scenarios', title: 'Show scenarios', group, run: () => showMockPanel('scenarios') },
  {
    id: 'mock.start',
    title: 'Start the mock server',
    group,
    when: () => mockNow()?.running === false,
    run: ({ engine }) => void setMockRunning(engine, true),
  },
  {
    id: 'mock.stop',
    title: 'Stop the mock server',
    group,
    when: () => mockNow()?.running === true,
    run: ({ engine }) => void setMockRunning(engine, false),
  },
  {
    id: 'mock.copyAddress',
    title: 'Copy the mock server’s address',
    group,
    when: () => (mockNow()?.url ?? null) !== null,
    run: () => {
      const url = mockNow()?.url ?? '';
      void navigator.clipboard.writeText(url).then(() => notify({ tone: 'info', text: `${url} was copied.` }));
    },
  },
  ...templates.map(({ title, name, text }) => ({
    id: `scenario.new.${name}`,
    title: `New scenario: ${title}`,
    group,
    run: () =>
      newScenario(
        name,
        text,
        (mockNow()?.scenarios ?? []).map((scenario) => scenario.name),
      ),
  })),
  {
    id: 'scenario.save',
    title: 'Save the scenario',
    group,
    keys: ['Mod+S'],
    when: () => changedScenario() !== null,
    run: ({ engine }) => {
      const key = changedScenario();
      if (key !== null) void saveScenario(engine, key);
    },
  },
  {
    id: 'scenario.fromRecording',
    title: 'Save this recording as a scenario…',
    group,
    when: () => openRecordingNow().detail?.summary.state === 'ended',
    run: ({ engine }) => {
      const { detail } = openRecordingNow();
      if (detail !== null) void scenarioFromRecording(engine, detail.summary.id);
    },
  },
]);
