import { useEffect } from 'react';
import { registerCommands, runCommand } from './state/commands.ts';
import { chooseFile } from './import/chooseFile.ts';
import { useHost } from './state/HostContext.tsx';
import { showOverlay } from './state/overlay.ts';
import { changeSettings } from './state/settings.ts';
import { showsRecording, tabs, useView, viewActions, type Tab } from './state/view.ts';
import { togglePane } from './ui/Panes.tsx';
import './conversation/commands.ts';
import './export/commands.ts';
import './mock/commands.ts';
import './proxy/commands.ts';
import './replay/commands.ts';
import './request/commands.ts';
import './runs/commands.ts';

const tabTitles: Readonly<Record<Tab, string>> = {
  frames: 'Show frames',
  message: 'Show the message',
  diagnostics: 'Show diagnostics',
  timing: 'Show timing',
  raw: 'Show raw bytes',
  exchange: 'Show the exchange',
  compare: 'Show the comparison',
};
const isOpen = (): boolean => useView.getState().recordingId !== null;

registerCommands([
  {
    id: 'palette.open',
    title: 'Command palette',
    group: 'Window',
    keys: ['Mod+K'],
    run: () => showOverlay('palette'),
  },
  {
    id: 'library.switch',
    title: 'Switch recording',
    group: 'Window',
    keys: ['Mod+P'],
    run: () => showOverlay('recordings'),
  },
  { id: 'keys.show', title: 'All keys', group: 'Window', keys: ['?'], run: () => showOverlay('keys') },
  { id: 'settings.open', title: 'Settings', group: 'Window', keys: ['Mod+,'], run: () => showOverlay('settings') },
  {
    id: 'window.start',
    title: 'Close the recording and show the start',
    group: 'Window',
    when: () => isOpen() || useView.getState().panel !== null,
    run: () => viewActions.openRecording(null),
  },
  {
    id: 'panel.close',
    title: 'Close the panel and show the recording',
    group: 'Window',
    keys: ['Escape'],
    when: () => useView.getState().panel !== null,
    run: () => viewActions.showPanel(null),
  },
  {
    id: 'pane.library',
    title: 'Show or hide the library',
    group: 'Window',
    keys: ['Mod+B'],
    run: () => togglePane('library'),
  },
  {
    id: 'pane.timeline',
    title: 'Show or hide the timeline',
    group: 'Window',
    when: () => showsRecording(useView.getState()),
    run: () => togglePane('timeline'),
  },
  {
    id: 'pane.inspector',
    title: 'Show or hide the inspector',
    group: 'Window',
    keys: ['Mod+I'],
    when: () => showsRecording(useView.getState()),
    run: () => togglePane('inspector'),
  },
  ...tabs.map((tab, i) => ({
    id: `tab.${tab}`,
    title: tabTitles[tab],
    group: 'Views',
    keys: [`Mod+${i + 1}`],
    when: isOpen,
    run: () => viewActions.setTab(tab),
  })),
  {
    id: 'compare.with',
    title: 'Compare with…',
    group: 'Views',
    keys: ['Mod+D'],
    when: isOpen,
    run: () => showOverlay('compare'),
  },
  ...(['system', 'light', 'dark', 'high-contrast'] as const).map((theme) => ({
    id: `theme.${theme}`,
    title: `Theme: ${theme === 'system' ? 'as the system' : theme.replace('-', ' ')}`,
    group: 'Settings',
    run: () => changeSettings({ theme }),
  })),
]);

/** Joins the host's menu to the commands, and adds the command that needs the host. */
export function useHostCommands(): void {
  const host = useHost();
  useEffect(
    () =>
      host.onMenuCommand((command) => {
        runCommand(command);
      }),
    [host],
  );
  useEffect(
    () =>
      registerCommands([
        {
          id: 'file.open',
          title: 'Open a file',
          group: 'Window',
          keys: ['Mod+O'],
          run: ({ engine }) => chooseFile(engine, host.showOpenDialog),
        },
      ]),
    [host],
  );
}
