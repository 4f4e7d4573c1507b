import { registerCommands } from '../state/commands.ts';
import { mockNow, setMockRunning } from '../state/mock.ts';

registerCommands([
  {
    id: 'mock.start',
    title: 'Start the mock server',
    group: 'Mock server',
    when: () => mockNow()?.running === false,
    run: ({ engine }) => void setMockRunning(engine, true),
  },
  {
    id: 'mock.stop',
    title: 'Stop the mock server',
    group: 'Mock server',
    when: () => mockNow()?.running === true,
    run: ({ engine }) => void setMockRunning(engine, false),
  },
]);
