import { app, dialog, shell, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { stat } from 'node:fs/promises';
import { liveStreamsQuestion } from './closeGuard.ts';
import { externalAddress } from './securityPolicy.ts';

/** Dialogs of the system. `window`: the one they belong to, if there is one. */

async function choose(window: BrowserWindow | null, options: MessageBoxOptions): Promise<number> {
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options));
  return response;
}

export async function askToClose(window: BrowserWindow | null, liveCount: number): Promise<boolean> {
  const buttons = ['Keep Open', 'Stop and Close'];
  const question = { ...liveStreamsQuestion(liveCount), type: 'question', buttons, defaultId: 0, cancelId: 0 } as const;
  return (await choose(window, { ...question, buttons })) === 1;
}

export async function askToOpenExternally(window: BrowserWindow | null, url: string): Promise<void> {
  const address = externalAddress(url);
  if (address === undefined) return;
  const response = await choose(window, {
    type: 'question',
    message: 'Open this address in your browser?',
    detail: address,
    buttons: ['Cancel', 'Open'],
    defaultId: 1,
    cancelId: 0,
  });
  if (response === 1) await shell.openExternal(address);
}

/** @returns absolute paths, none when the user changed their mind */
export async function askForFiles(window: BrowserWindow | null): Promise<readonly string[]> {
  const options: Electron.OpenDialogOptions = {
    title: 'Open a recording, a body or a curl -i dump',
    properties: ['openFile', 'multiSelections'],
  };
  const { filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths;
}

/** Shows a folder in the system's file manager; one that does not exist yet is named instead. */
export async function showFolder(window: BrowserWindow | null, folder: string): Promise<void> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  const problem = exists ? await shell.openPath(folder) : 'There is nothing there yet.';
  if (problem !== '') await choose(window, { type: 'info', message: folder, detail: problem, buttons: ['OK'] });
}

export async function showAbout(window: BrowserWindow | null, notices: readonly string[]): Promise<void> {
  const { chrome, electron, node } = process.versions;
  const runtime = `Electron ${electron} · Chromium ${chrome} · Node ${node}`;
  await choose(window, {
    type: 'info',
    message: `Streamscope ${app.getVersion()}`,
    detail: [runtime, ...notices].join('\n\n'),
    buttons: ['OK'],
  });
}
