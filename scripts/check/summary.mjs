/**
 * @typedef {import('./report.d.ts').StepOutcome} StepOutcome
 */

/** @param {number} millis */
export function seconds(millis) {
  return `${(millis / 1000).toFixed(1)} s`;
}

/**
 * What is printed at the end of `npm test`: what ran where, counts a step, every skipped test with its reason, what
 * failed, and a last line of exactly `N passed, N failed, N skipped`.
 * @param {readonly StepOutcome[]} outcomes
 * @param {Readonly<Record<string, string>>} runtimes
 * @param {number} millis of the whole run
 * @returns {readonly string[]} lines
 */
export function summarise(outcomes, runtimes, millis) {
  const rows = outcomes.map(({ step, passed, failed, skipped, millis: took }) => [
    step,
    String(passed),
    String(failed),
    String(skipped.length),
    took === 0 ? '' : seconds(took),
  ]);
  const table = [['step', 'passed', 'failed', 'skipped', 'time'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  lines.push('', `ran in ${seconds(millis)} on:`);
  for (const [name, version] of Object.entries(runtimes)) lines.push(`  ${name}: ${version}`);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped.map((skip) => ({ ...skip, step: outcome.step })));
  if (skipped.length > 0) lines.push('', 'skipped:');
  for (const { step, name, reason } of skipped) lines.push(`  [${step}] ${name}: ${reason}`);
  const failed = outcomes.filter((outcome) => outcome.failed > 0);
  if (failed.length > 0) lines.push('', `failed: ${failed.map(({ step }) => step).join(', ')} (details above)`);
  const sum = (/** @type {(outcome: StepOutcome) => number} */ count) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const total = sum((outcome) => outcome.skipped.length);
  lines.push('', `${sum((o) => o.passed)} passed, ${sum((o) => o.failed)} failed, ${total} skipped`);
  return lines;
}
