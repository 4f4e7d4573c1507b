import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const program = '/usr/sbin/nginx';

/** Debian's package `nginx-light` has it; `npm test` installs it where that is ours to do. */
export const hasNginx = existsSync(program);
export const whyWithoutNginx = `there is no ${program}`;

export interface RunningNginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** A port that was free a moment ago: nginx cannot be told to choose one and say which. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * Starts nginx in the foreground from a folder of its own, as whoever runs the test.
 * @param locations of its only server, as in `nginx.conf`
 */
export async function startNginx(locations: string): Promise<RunningNginx> {
  const folder = await mkdtemp(path.join(tmpdir(), 'streamscope-nginx-'));
  const port = await freePort();
  await mkdir(path.join(folder, 'temp'));
  await writeFile(path.join(folder, 'nginx.conf'), configuration(port, locations));
  const child = spawn(program, ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        // Said once the listening sockets are open.
        if (said.includes('event method')) resolve();
      });
      child.once('error', reject);
      child.once('close', () => reject(new Error(`nginx did not start: ${said}`)));
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://127.0.0.1:${String(port)}`, stop };
}

function configuration(port: number, locations: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 64; }
http {
  access_log off;
  ${kinds.map((kind) => `${kind}_temp_path temp/${kind};`).join('\n  ')}
  server {
    listen 127.0.0.1:${String(port)};
    ${locations}
  }
}
`;
}
