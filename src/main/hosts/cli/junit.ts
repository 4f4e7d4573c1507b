import Builder from 'fast-xml-builder';
import type { Micros } from '../../../shared/words.ts';
import type { AssertionResult } from './assertions.ts';

/** One checked target, as a test suite. */
export interface CheckedSuite {
  readonly target: string;
  /** Wall clock when it was opened. */
  readonly startedAt: number;
  readonly durationMicros: Micros | null;
  readonly results: readonly AssertionResult[];
  /** Why it could not be opened; null when it was. */
  readonly notOpened: string | null;
  /** How it went, for a person. */
  readonly verdict: string;
}

/**
 * A report in JUnit's XML, as Jenkins, GitLab and GitHub actions read it: a suite a target, a case an assertion. What
 * XML 1.0 cannot hold (§2.2) is written as `\u001b`.
 */
export function junitReport(suites: readonly CheckedSuite[]): string {
  const builder = new Builder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });
  const sum = (count: (suite: CheckedSuite) => number): string =>
    String(suites.reduce((total, suite) => total + count(suite), 0));
  const body = builder.build({
    testsuites: {
      '@name': 'streamscope check',
      '@tests': sum(testCount),
      '@failures': sum(failureCount),
      '@errors': sum(errorCount),
      testsuite: suites.map(suiteElement),
    },
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

function suiteElement(suite: CheckedSuite) {
  return {
    '@name': printable(suite.target),
    '@tests': String(testCount(suite)),
    '@failures': String(failureCount(suite)),
    '@errors': String(errorCount(suite)),
    '@skipped': '0',
    '@time': seconds(suite.durationMicros),
    '@timestamp': new Date(suite.startedAt).toISOString().slice(0, 19),
    testcase:
      suite.notOpened === null
        ? suite.results.map((result) => caseElement(suite, result))
        : [
            {
              ...caseAttributes(suite, 'open'),
              error: { '@type': 'not-opened', '@message': printable(suite.notOpened) },
            },
          ],
    'system-out': printable(suite.verdict),
  };
}

function caseElement(suite: CheckedSuite, result: AssertionResult) {
  const attributes = caseAttributes(suite, result.assertion);
  if (result.ok) return attributes;
  const message = printable(result.measured);
  return { ...attributes, failure: { '@type': 'assertion', '@message': message, '#text': message } };
}

function caseAttributes(suite: CheckedSuite, name: string) {
  return {
    '@name': printable(name),
    '@classname': `streamscope.${printable(suite.target)}`,
    // All of a suite's cases are judged on the same stream: its time is the suite's.
    '@time': seconds(0),
  };
}

const testCount = (suite: CheckedSuite): number => (suite.notOpened === null ? suite.results.length : 1);
const failureCount = (suite: CheckedSuite): number => suite.results.filter(({ ok }) => !ok).length;
const errorCount = (suite: CheckedSuite): number => (suite.notOpened === null ? 0 : 1);

function seconds(micros: Micros | null): string {
  return ((micros ?? 0) / 1e6).toFixed(6);
}

function printable(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
