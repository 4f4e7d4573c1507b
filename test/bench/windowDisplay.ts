import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A screen to draw on: the one there is, or a virtual one until `close`. Null where there is neither. */
export async function openDisplay(): Promise<{ readonly name: string; close(): Promise<void> } | null> {
  const { DISPLAY } = process.env;
  if (DISPLAY !== undefined && DISPLAY !== '') return { name: DISPLAY, close: () => Promise.resolve() };
  const words = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', words, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const pipe = server.stdio[3];
  const failed = once(server, 'error').then(() => null);
  const chosen = pipe === null || pipe === undefined ? failed : once(pipe, 'data').then(([number]) => String(number));
  const number = await Promise.race([failed, chosen]);
  if (number === null) return null;
  const name = `:${number.trim()}`;
  process.env['DISPLAY'] = name;
  return {
    name,
    async close() {
      delete process.env['DISPLAY'];
      server.kill();
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}
