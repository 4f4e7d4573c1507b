import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));

/** The public suites are no part of the repository: a clone has none, and their tests are skipped by this name. */
export const hasConformanceData = existsSync(folder);
export const whySkipped = 'the conformance data is not beside this checkout';

/** Path of a file or folder of the conformance data. */
export function conformancePath(name: string): string {
  return `${folder}${name}`;
}
