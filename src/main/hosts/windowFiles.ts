import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the built window. */
export interface WindowFile {
  /** Absolute. */
  readonly file: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** The built window by URL path (`/index.html`, `/assets/…`). Nothing else of the file system can be asked for. */
export type WindowFiles = ReadonlyMap<string, WindowFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

async function list(folder: string, urlFolder: string, into: Map<string, WindowFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = join(folder, entry.name);
    const path = `${urlFolder}${entry.name}`;
    if (entry.isDirectory()) await list(file, `${path}/`, into);
    // A link could lead out of the build; none is ever built.
    if (!entry.isFile()) continue;
    const contentType = contentTypes[extname(entry.name)] ?? 'application/octet-stream';
    into.set(path, { file, contentType, sizeBytes: (await stat(file)).size });
  }
}

/**
 * Lists a folder that holds a built window. Read once at start: a request is looked up in the list, never on disk.
 * @throws Error where the folder holds no `index.html`
 */
export async function listWindowFiles(folder: string): Promise<WindowFiles> {
  const files = new Map<string, WindowFile>();
  await list(folder, '/', files);
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`${folder} holds no built window (index.html is missing)`);
  files.set('/', index);
  return files;
}
