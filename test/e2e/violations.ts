import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'playwright/test';
import type { App } from './app.ts';

/** Violations that keep somebody from using what is shown, as `rule: element`. */
export async function violations({ page }: App): Promise<readonly string[]> {
  // Without the legacy mode the checker opens a page of its own, which a desktop window has no place for.
  const { passes, violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(passes.map(({ id }) => id)).toContain('color-contrast');
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
}
