import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand, Platform } from '../../../shared/desktopBridge.ts';

export interface MenuActions {
  openFile(): void;
  /** Carried out by the window. */
  command(command: MenuCommand): void;
  openRecordingsFolder(): void;
  showAbout(): void;
}

/**
 * The menu bar. Keys of commands that the window carries out are shown here and handled there: the window knows
 * whether a text field has the focus.
 */
export function menuTemplate(platform: Platform, actions: MenuActions): MenuItemConstructorOptions[] {
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
    command('New Request', 'request.new', 'CmdOrCtrl+N'),
    {
      label: 'Open…',
      accelerator: 'CmdOrCtrl+O',
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
