import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plant, root, runScript } from './checkout.ts';

/** Compiles one planted file by a folder's own tsconfig.json. */
async function compile(folder: string, name: string, content: string) {
  await using planted = await plant({ [`${folder}/${name}`]: content });
  await cp(join(root, 'tsconfig.base.json'), join(planted.path, 'tsconfig.base.json'));
  await cp(join(root, folder, 'tsconfig.json'), join(planted.path, folder, 'tsconfig.json'));
  await cp(join(root, 'src/shared/ambient.d.ts'), join(planted.path, 'src/shared/ambient.d.ts'), { recursive: true });
  const words = ['-p', folder, '--noEmit', '--incremental', 'false', '--pretty', 'false'];
  return await runScript('node_modules/@typescript/native/bin/tsc', words, planted.path);
}

interface Forbidden {
  readonly folder: string;
  readonly what: string;
  readonly content: string;
}

const forbidden: readonly Forbidden[] = [
  { folder: 'src/shared', what: 'process', content: 'export const planted = process.pid;\n' },
  { folder: 'src/shared', what: 'document', content: 'export const planted = document.title;\n' },
  {
    folder: 'src/engine',
    what: 'node:fs',
    content: "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
  },
  { folder: 'src/engine', what: 'process', content: 'export const planted = process.pid;\n' },
  { folder: 'src/engine', what: 'Buffer', content: "export const planted = Buffer.from('');\n" },
  { folder: 'src/engine', what: 'window', content: 'export const planted = window.innerWidth;\n' },
  { folder: 'src/engine', what: 'fetch', content: "export const planted = fetch('http://localhost');\n" },
  { folder: 'src/main', what: 'document', content: 'export const planted = document.title;\n' },
  { folder: 'src/renderer', what: 'process', content: 'export const planted = process.pid;\n' },
  {
    folder: 'src/renderer',
    what: 'node:fs',
    content: "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
  },
  { folder: 'src/renderer', what: 'require', content: "export const planted: unknown = require('x');\n" },
];

interface Allowed {
  readonly folder: string;
  readonly name: string;
  readonly content: string;
}

const allowed: readonly Allowed[] = [
  {
    folder: 'src/engine',
    name: 'a.ts',
    content: "export const planted = new TextDecoder('utf-8', { fatal: true });\n",
  },
  {
    folder: 'src/main',
    name: 'a.ts',
    content: "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n",
  },
  {
    folder: 'src/preload',
    name: 'a.ts',
    content: "import { contextBridge } from 'electron';\nexport const planted = contextBridge;\n",
  },
  { folder: 'src/renderer', name: 'a.tsx', content: 'export const Planted = () => <p>{document.title}</p>;\n' },
];

describe('a folder knows the globals of its runtime only', () => {
  it.each(forbidden)('$folder: $what does not compile', async ({ folder, content }) => {
    const { code, output } = await compile(folder, 'planted.ts', content);
    expect(output).toContain(`${folder}/planted.ts(1,`);
    expect(output).toMatch(/error TS(2304|2307|2552|2580|2584|2591|2593):/);
    expect(code).not.toBe(0);
  });

  it.each(allowed)('$folder: its own compile', async ({ folder, name, content }) => {
    const { code, output } = await compile(folder, name, content);
    expect(output).toBe('');
    expect(code).toBe(0);
  });
});
