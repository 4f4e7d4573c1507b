import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import process from 'node:process';

/**
 * Playwright reporter that writes a TestReport to the file named by STREAMSCOPE_TEST_REPORT.
 */
export default class TestReportWriter {
  /** @type {import('playwright/types/testReporter').Suite | undefined} */
  #suite;
  /** @readonly @type {string[]} */
  #errors = [];

  /**
   * @param {import('playwright/types/testReporter').FullConfig} _config
   * @param {import('playwright/types/testReporter').Suite} suite
   */
  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** @param {import('playwright/types/testReporter').TestError} error */
  onError(error) {
    this.#errors.push(error.message ?? error.value ?? 'an error without a message');
  }

  onEnd() {
    const path = process.env.STREAMSCOPE_TEST_REPORT;
    if (path === undefined) return;
    const tests = (this.#suite?.allTests() ?? []).map((test) => {
      const [, project = '', , ...titles] = test.titlePath();
      const outcome = test.outcome();
      const note = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
      return {
        suite: `e2e-${project}`,
        name: [relative(process.cwd(), test.location.file), ...titles].join(' > '),
        // A test that passes only on a second try is a failing test.
        state: outcome === 'expected' ? 'passed' : outcome === 'skipped' ? 'skipped' : 'failed',
        ...(note === undefined ? {} : { note }),
      };
    });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ tests, errors: this.#errors }));
  }

  printsToStdio() {
    return false;
  }
}
