/**
 * `npm run layers [DIRECTORY]`: who imports whom, by the rules of .dependency-cruiser.cjs. Fails where a rule is broken,
 * and where suspiciously few modules were seen: a cruise of nothing finds no violations.
 */
import { readdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import process from 'node:process';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import rules from '../.dependency-cruiser.cjs';

const root = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const folders = ['src', 'test', 'scripts'].filter((name) => readdirSync(root).includes(name));
const sources = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => [folder, ...path.split(sep)].join('/'))
    .filter(
      (path) => /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts') && !/(^|\/)(fixtures|output)\//.test(path),
    ),
);

const tsConfig = join(import.meta.dirname, '..', 'tsconfig.base.json');

process.chdir(root);
const { output, exitCode } = await cruise(
  folders,
  {
    ...rules.options,
    tsConfig: { fileName: tsConfig },
    ruleSet: { forbidden: rules.forbidden ?? [] },
    validate: true,
    outputType: 'json',
    baseDir: root,
  },
  undefined,
  { tsConfig: extractTSConfig(tsConfig) },
);
if (typeof output !== 'string') throw new Error('dependency-cruiser answered without a report');
/** @type {import('dependency-cruiser').ICruiseResult} */
const { summary, modules } = JSON.parse(output);
const seen = new Set(modules.map(({ source }) => source));
const unseen = sources.filter((path) => !seen.has(path));
for (const { rule, from, to } of summary.violations) console.error(`${rule.severity} ${rule.name}: ${from} → ${to}`);
console.log(
  `${sources.length - unseen.length} of ${sources.length} modules checked, ${summary.violations.length} violations`,
);
for (const path of unseen) console.error(`error unseen: ${path} was not checked`);
process.exitCode = exitCode > 0 || summary.error > 0 || sources.length === 0 || unseen.length > 0 ? 1 : 0;
