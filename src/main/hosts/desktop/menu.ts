import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, Platform } from '../../../shared/desktopBridge.ts';
import type { Settings } from '../../../shared/settings.ts';

export interface MenuActions {
  openFile(): void;
  /** Carried out by the window. */
  command(command: MenuCommand): void;
  openRecordingsFolder(): void;
  showAbout(): void;
}

const themes = [
  ['system', 'As the System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['high-contrast', 'High Contrast'],
] as const;

/**
 * The menu bar. Keys that the window handles itself are only shown here: one press must not run a command twice.
 */
export function menuTemplate(
  platform: Platform,
  theme: Settings['theme'],
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const command = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: () => {
      actions.command(name);
    },
  });
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const about: MenuItemConstructorOptions = {
    label: 'About Streamscope',
    click: () => {
      actions.showAbout();
    },
  };
  const settings = command('Settings…', 'settings.open', 'CmdOrCtrl+,');
  const isMac = platform === 'mac';

  const file: MenuItemConstructorOptions[] = [
    { ...command('New Request', 'request.new'), accelerator: 'CmdOrCtrl+N' },
    {
      label: 'Open…',
      accelerator: 'CmdOrCtrl+O',
      registerAccelerator: false,
      click: () => {
        actions.openFile();
      },
    },
    separator,
    {
      label: isMac ? 'Show Recordings in Finder' : 'Show Recordings Folder',
      click: () => {
        actions.openRecordingsFolder();
      },
    },
    ...(isMac ? [] : [settings]),
    separator,
    { role: isMac ? 'close' : 'quit' },
  ];

  return [
    ...(isMac
      ? [
          {
            role: 'appMenu' as const,
            submenu: [
              about,
              separator,
              settings,
              separator,
              { role: 'services' as const },
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    { label: '&File', submenu: file },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('Command Palette…', 'palette.open', 'CmdOrCtrl+K'),
        command('Go to URL Field', 'request.focusUrl', 'CmdOrCtrl+L'),
        separator,
        command('Zoom Timeline In', 'timeline.zoomIn'),
        command('Zoom Timeline Out', 'timeline.zoomOut'),
        command('Fit Timeline', 'timeline.fit'),
        separator,
        {
          label: 'Theme',
          submenu: themes.map(([name, label]) => ({
            ...command(label, `theme.${name}`),
            type: 'radio' as const,
            checked: name === theme,
          })),
        },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        separator,
        // Not Mod+R: a reload is for when something is wrong, and streams go on meanwhile.
        { role: 'reload', accelerator: 'CmdOrCtrl+Shift+R' },
        { role: 'toggleDevTools' },
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' as const }] : []),
    { role: 'help', submenu: [command('All Keys', 'keys.show'), ...(isMac ? [] : [separator, about])] },
  ];
}
