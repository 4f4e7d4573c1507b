import { defineConfig } from 'vitest/config';

const suite = (name: string, overrides: Readonly<Record<string, unknown>> = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.{ts,tsx}`], environment: 'node', ...overrides },
});

export default defineConfig({
  test: {
    projects: [
      suite('unit'),
      suite('contract', { testTimeout: 30_000 }),
      suite('io', { testTimeout: 30_000 }),
      suite('conformance', { testTimeout: 60_000 }),
      suite('architecture', { testTimeout: 180_000, hookTimeout: 180_000 }),
    ],
    // Two cores are the smallest machine this runs on; more files at once only makes sockets wait for each other.
    maxWorkers: 2,
    expect: { requireAssertions: true },
    passWithNoTests: false,
  },
});
