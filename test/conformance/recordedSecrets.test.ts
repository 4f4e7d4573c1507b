import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ByteMasker } from '../../src/engine/redaction/byteMasker.ts';
import { KnownSecrets } from '../../src/engine/redaction/knownSecrets.ts';
import { SecretFinder } from '../../src/engine/redaction/secretFinder.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

it('hides nothing in recorded streams, which hold no secrets', (context) => {
  context.skip(!hasConformanceData, whySkipped);
  const folder = conformancePath('streams');
  const hidden: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(readFileSync(file));
    const secrets = new KnownSecrets();
    const finder = new SecretFinder(secrets);
    finder.push(bytes);
    finder.finish();
    const out = new ByteMasker(secrets).mask(bytes);
    const at = out.findIndex((byte, i) => byte !== bytes[i]);
    if (at >= 0)
      hidden.push(`${file}: ${secrets.kindOf(0)}: ${Buffer.from(bytes.subarray(at - 40, at + 40)).toString()}`);
  }
  expect(hidden).toEqual([]);
});
