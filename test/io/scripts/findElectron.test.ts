import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { developmentRuntimeFits } from '../../../scripts/electron/developmentRuntime.mjs';
import { findElectron } from '../../../scripts/electron/find.mjs';

const never = new AbortController().signal;
const withoutDownload = { mayDownload: false };
const executableName = process.platform === 'win32' ? 'electron.exe' : 'electron';
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'streamscope-electron-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

describe('the search for an Electron', () => {
  it('takes ELECTRON_OVERRIDE_DIST_PATH before everything else', async (context) => {
    context.skip(process.platform === 'darwin', 'a distribution is laid out differently on macOS');
    await writeFile(join(directory, executableName), '#!/bin/sh\n');
    await chmod(join(directory, executableName), 0o755);
    await writeFile(join(directory, 'version'), 'v99.1.2\n');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', directory);
    await expect(findElectron(() => undefined, never, withoutDownload)).resolves.toMatchObject({
      kind: 'override',
      version: '99.1.2',
      executable: join(directory, executableName),
    });
  });

  it('does not quietly pass over an override that leads nowhere', async () => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(directory, 'absent'));
    const answer = await findElectron(() => undefined, never, withoutDownload);
    expect(answer.kind).toBe('none');
    expect(answer.why).toContain(join(directory, 'absent'));
  });

  it('says which ones it looked for where there is none', async (context) => {
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '');
    vi.stubEnv('XDG_CACHE_HOME', directory);
    const answer = await findElectron(() => undefined, never, withoutDownload);
    context.skip(answer.kind === 'pinned', 'the pinned Electron is installed here');
    expect(answer.kind).toBe('none');
    expect(answer.why).toContain('the pinned');
    expect(answer.why).toContain(developmentRuntimeFits() ? 'development runtime' : 'Linux x64 only');
  });
});
