import { describe, expect, it } from 'vitest';
import { plant, root, runScript } from './checkout.ts';

const checkLayers = (directory: string) => runScript('scripts/layers.mjs', [directory], directory);

describe('the layers of this repository', () => {
  it('hold, and every module was looked at', async () => {
    const { code, output } = await checkLayers(root);
    expect(output).toContain(' 0 violations');
    expect(code).toBe(0);
    const [, seen, all] = /(\d+) of (\d+) modules checked/.exec(output) ?? [];
    expect(seen).toBe(all);
    expect(Number(seen)).toBeGreaterThan(60);
  });
});

const importing = (specifier: string): string => `import '${specifier}';\nexport const planted = true;\n`;
const target = 'export const target = true;\n';

interface PlantedViolation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** Where `to` is one of our modules: it exists. */
  readonly specifier: string;
}

const violations: readonly PlantedViolation[] = [
  { rule: 'shared-is-a-leaf', from: 'src/shared/a.ts', to: 'src/engine/b.ts', specifier: '../engine/b.ts' },
  { rule: 'shared-is-a-leaf', from: 'src/shared/a.ts', to: 'path', specifier: 'node:path' },
  { rule: 'shared-is-a-leaf', from: 'src/shared/a.ts', to: 'undici', specifier: 'undici' },
  {
    rule: 'engine-imports-shared-only',
    from: 'src/engine/a.ts',
    to: 'src/main/store/b.ts',
    specifier: '../main/store/b.ts',
  },
  {
    rule: 'engine-imports-shared-only',
    from: 'src/engine/a.ts',
    to: 'src/renderer/ui/b.ts',
    specifier: '../renderer/ui/b.ts',
  },
  { rule: 'engine-runs-anywhere', from: 'src/engine/a.ts', to: 'fs', specifier: 'node:fs' },
  { rule: 'engine-runs-anywhere', from: 'src/engine/a.ts', to: 'zlib', specifier: 'zlib' },
  { rule: 'electron-only-in-the-desktop-host', from: 'src/engine/a.ts', to: 'electron', specifier: 'electron' },
  {
    rule: 'capture-store-servers-import-down',
    from: 'src/main/capture/a.ts',
    to: 'src/main/rpc/b.ts',
    specifier: '../rpc/b.ts',
  },
  {
    rule: 'capture-store-servers-import-down',
    from: 'src/main/store/a.ts',
    to: 'src/main/hosts/cli/b.ts',
    specifier: '../hosts/cli/b.ts',
  },
  {
    rule: 'capture-store-servers-import-down',
    from: 'src/main/capture/a.ts',
    to: 'src/main/store/b.ts',
    specifier: '../store/b.ts',
  },
  {
    rule: 'rpc-imports-down',
    from: 'src/main/rpc/a.ts',
    to: 'src/main/hosts/web/b.ts',
    specifier: '../hosts/web/b.ts',
  },
  {
    rule: 'instrument-imports-down',
    from: 'src/main/instrument/a.ts',
    to: 'src/main/hosts/web/b.ts',
    specifier: '../hosts/web/b.ts',
  },
  {
    rule: 'hosts-never-import-each-other',
    from: 'src/main/hosts/cli/a.ts',
    to: 'src/main/hosts/web/b.ts',
    specifier: '../web/b.ts',
  },
  {
    rule: 'hosts-import-down',
    from: 'src/main/hosts/web/a.ts',
    to: 'src/renderer/ui/b.ts',
    specifier: '../../../renderer/ui/b.ts',
  },
  {
    rule: 'main-entry-composes-the-desktop-host',
    from: 'src/main/index.ts',
    to: 'src/main/store/b.ts',
    specifier: './store/b.ts',
  },
  {
    rule: 'preload-imports-shared-only',
    from: 'src/preload/index.ts',
    to: 'src/engine/b.ts',
    specifier: '../engine/b.ts',
  },
  { rule: 'electron-only-in-the-desktop-host', from: 'src/main/hosts/web/a.ts', to: 'electron', specifier: 'electron' },
  { rule: 'electron-only-in-the-desktop-host', from: 'src/main/rpc/a.ts', to: 'electron', specifier: 'electron' },
  {
    rule: 'renderer-imports-shared-only',
    from: 'src/renderer/ui/a.ts',
    to: 'src/engine/b.ts',
    specifier: '../../engine/b.ts',
  },
  { rule: 'renderer-has-no-node', from: 'src/renderer/ui/a.ts', to: 'os', specifier: 'node:os' },
  {
    rule: 'features-never-import-features',
    from: 'src/renderer/timeline/a.ts',
    to: 'src/renderer/frames/b.ts',
    specifier: '../frames/b.ts',
  },
  {
    rule: 'common-ground-knows-no-feature',
    from: 'src/renderer/state/a.ts',
    to: 'src/renderer/frames/b.ts',
    specifier: '../frames/b.ts',
  },
  { rule: 'nothing-imports-test', from: 'src/engine/a.ts', to: 'test/unit/b.ts', specifier: '../../test/unit/b.ts' },
  { rule: 'resolvable', from: 'src/engine/a.ts', to: './absent.ts', specifier: './absent.ts' },
];

describe('a planted violation', () => {
  it.each(violations)('of $rule is found: $from imports $specifier', async ({ rule, from, to, specifier }) => {
    const files = { [from]: importing(specifier), ...(/^(src|test)\//.test(to) ? { [to]: target } : {}) };
    await using planted = await plant(files);
    const { code, output } = await checkLayers(planted.path);
    expect(output).toContain(`error ${rule}: ${from}`);
    expect(code).toBe(1);
  });

  it('of no-cycle is found, even through types alone', async () => {
    await using planted = await plant({
      'src/engine/a.ts': "import type { B } from './b.ts';\nexport interface A { readonly b: B }\n",
      'src/engine/b.ts': "import type { A } from './a.ts';\nexport interface B { readonly a: A }\n",
    });
    const { code, output } = await checkLayers(planted.path);
    expect(output).toContain('error no-cycle: src/engine/a.ts');
    expect(code).toBe(1);
  });

  it('is not imagined: what the rules allow passes', async () => {
    await using planted = await plant({
      'src/shared/a.ts': importing('zod'),
      'src/engine/a.ts': importing('../shared/a.ts'),
      'src/main/capture/a.ts': importing('../../engine/a.ts') + "import 'node:net';\n",
      'src/main/rpc/a.ts': importing('../capture/a.ts'),
      'src/main/hosts/desktop/a.ts': importing('../../rpc/a.ts') + "import 'electron';\n",
      'src/main/index.ts': importing('./hosts/desktop/a.ts') + "import 'electron';\n",
      'src/preload/index.ts': importing('electron'),
      'src/renderer/ui/a.tsx': importing('../../shared/a.ts'),
      'src/renderer/frames/a.tsx': importing('../ui/a.tsx'),
      'src/renderer/main.tsx': importing('./frames/a.tsx'),
    });
    const { code, output } = await checkLayers(planted.path);
    expect(output).toContain('10 of 10 modules checked, 0 violations');
    expect(code).toBe(0);
  });

  it('cannot hide in an empty tree', async () => {
    await using planted = await plant({ 'src/README.txt': '' });
    const { code } = await checkLayers(planted.path);
    expect(code).toBe(1);
  });
});
