import { spawn } from 'node:child_process';
import process from 'node:process';

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens an address of ours in the user's browser; false where there is nothing to open it with. */
export async function openBrowser(url: string): Promise<boolean> {
  const [command = 'xdg-open', ...words] = openers[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const opener = spawn(command, [...words, url], { stdio: 'ignore', detached: true });
    opener.once('error', () => {
      resolve(false);
    });
    opener.once('spawn', () => {
      opener.unref();
      resolve(true);
    });
  });
}
