import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import process from 'node:process';

/**
 * Vitest reporter that writes a TestReport to the file named by STREAMSCOPE_TEST_REPORT. Unlike the JSON reporter it
 * keeps the note that a skipped test gives.
 */
export default class TestReportWriter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly import('vitest/node').SerializedError[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    /** @type {import('./report.d.ts').TestEntry[]} */
    const tests = [];
    const errors = unhandled.map((error) => error.message);
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      for (const error of module.errors()) errors.push(`${file}: ${error.message}`);
      for (const test of module.children.allTests()) {
        const result = test.result();
        const note = result.state === 'skipped' ? result.note : undefined;
        tests.push({
          suite: module.project.name,
          name: `${file} > ${test.fullName}`,
          // A test that was never finished did not pass.
          state: result.state === 'pending' ? 'failed' : result.state,
          ...(note === undefined ? {} : { note }),
        });
      }
      // A suite whose own set-up threw marks its tests skipped; the error tells the truth.
      for (const suite of module.children.allSuites()) {
        for (const error of suite.errors()) errors.push(`${file} > ${suite.fullName}: ${error.message}`);
      }
    }
    const path = process.env.STREAMSCOPE_TEST_REPORT;
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ tests, errors }));
  }
}
