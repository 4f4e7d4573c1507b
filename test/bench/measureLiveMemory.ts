import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildMeasurement } from './buildMeasurement.ts';
import type { LiveMemory } from './liveMemoryRun.ts';

/** Memory of the engine with many recordings live, of fifty frames a second each, after so many seconds. */
export async function measureLiveMemory(
  layouts: readonly { readonly streams: number; readonly seconds: number }[],
): Promise<readonly LiveMemory[]> {
  const script = await buildMeasurement('liveMemoryRun');
  const measured: LiveMemory[] = [];
  for (const { streams, seconds } of layouts) {
    const server = fork(fileURLToPath(new URL('./liveMemoryServer.ts', import.meta.url)));
    try {
      const [{ port }] = (await once(server, 'message')) as [{ readonly port: number }];
      const url = `http://127.0.0.1:${String(port)}/`;
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--expose-gc',
        script,
        url,
        String(streams),
        String(seconds),
      ]);
      measured.push(JSON.parse(stdout) as LiveMemory);
    } finally {
      server.disconnect();
    }
  }
  return measured;
}
