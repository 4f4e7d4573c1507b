import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const indexHtml = '<!doctype html><title>window</title>';
export const secret = 'outside the build';

export interface WindowFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A folder like a built window, beside a file that must never be served. */
export async function windowFolder(): Promise<WindowFolder> {
  const root = await mkdtemp(join(tmpdir(), 'streamscope-window-'));
  const path = join(root, 'renderer');
  await mkdir(join(path, 'assets'), { recursive: true });
  await writeFile(join(root, 'secret.txt'), secret);
  await writeFile(join(path, 'index.html'), indexHtml);
  await writeFile(join(path, 'assets', 'main-1.js'), 'export {};');
  await writeFile(join(path, 'assets', 'font.woff2'), 'w');
  await symlink(join(root, 'secret.txt'), join(path, 'assets', 'link.txt'));
  return { path, remove: () => rm(root, { recursive: true }) };
}
