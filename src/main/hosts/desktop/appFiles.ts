import { readFile } from 'node:fs/promises';
import type { WindowFiles } from '../windowFiles.ts';
import { windowHeaders } from '../windowHeaders.ts';
import { isWindowUrl } from './securityPolicy.ts';

/** Answers `app://streamscope/…` from the list of the build's files: any other path is 404, never a look at the disk. */
export async function answerAppRequest(request: Request, files: WindowFiles): Promise<Response> {
  const headers = { ...windowHeaders, 'cache-control': 'no-store' };
  if (!isWindowUrl(request.url)) return new Response(null, { status: 403, headers });
  if (request.method !== 'GET') return new Response(null, { status: 405, headers });
  const file = files.get(new URL(request.url).pathname);
  if (file === undefined) return new Response(null, { status: 404, headers });
  return new Response(new Uint8Array(await readFile(file.file)), {
    headers: { ...headers, 'content-type': file.contentType },
  });
}
