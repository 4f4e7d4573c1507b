import { _electron, errors, type ElectronApplication } from 'playwright/test';

type LaunchOptions = NonNullable<Parameters<typeof _electron.launch>[0]>;

const patienceMillis = 20_000;
const attempts = 3;

/**
 * Starts Electron. On a busy machine Playwright's first words with it are lost about once in two hundred starts: both
 * connections stand, the program runs, and the call never returns. Such a start is ended and made again, and said.
 */
export async function launchElectron(options: LaunchOptions): Promise<ElectronApplication> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await _electron.launch({ ...options, timeout: patienceMillis });
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || attempt === attempts) throw error;
      process.stderr.write(`Electron did not answer Playwright within ${patienceMillis / 1_000} s: started again\n`);
    }
  }
}
