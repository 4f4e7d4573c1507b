import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createDetector } from '../../src/engine/framing/detect.ts';
import { createFramer } from '../../src/engine/framing/createFramer.ts';
import { noHints } from '../../src/engine/dialects/dialect.ts';
import { DialectReader } from '../../src/engine/dialects/reader.ts';
import { ByteMasker } from '../../src/engine/redaction/byteMasker.ts';
import { KnownSecrets } from '../../src/engine/redaction/knownSecrets.ts';
import { SecretFinder } from '../../src/engine/redaction/secretFinder.ts';
import { SpelledFinder, SpelledMasker } from '../../src/engine/redaction/spelledTexts.ts';
import { textPieces, type TextPiece } from '../../src/engine/redaction/textPieces.ts';
import { defaultLimits } from '../../src/shared/limits.ts';
import { frameKinds, type FrameKind } from '../../src/shared/words.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

/** The texts of a body's frames, frame by frame. */
function textsOf(body: Uint8Array): readonly (readonly TextPiece[])[] {
  const detector = createDetector({ contentType: null, url: null });
  const { framing, shape } = detector.push(body) ?? detector.end();
  const reader = new DialectReader({ framing, hints: noHints, limits: defaultLimits, dialect: null });
  const texts: (readonly TextPiece[])[] = [];
  let n = 0;
  const framer = createFramer(
    framing,
    { limits: defaultLimits, shape: shape ?? null },
    {
      frame(kindCode, offset, length) {
        const kind = frameKinds[kindCode] as FrameKind;
        const bytes = body.subarray(offset, offset + length);
        texts.push(textPieces({ framing, kind, offset, bytes }, reader.push(n++, kind, bytes)));
      },
      typeId: () => 0,
      diagnostic: () => undefined,
    },
  );
  framer.push(body);
  framer.end();
  return texts;
}

it('hides nothing in recorded streams, which hold no secrets, nor in what they spell piece by piece', (context) => {
  context.skip(!hasConformanceData, whySkipped);
  const folder = conformancePath('streams');
  const hidden: string[] = [];
  let pieces = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = new Uint8Array(readFileSync(file));
    const secrets = new KnownSecrets();
    const finder = new SecretFinder(secrets);
    finder.push(bytes);
    finder.finish();
    const texts = textsOf(bytes);
    const spelled = new SpelledFinder(secrets);
    for (const each of texts) spelled.push(each);
    spelled.finish();
    const masker = new SpelledMasker(secrets, new Map());
    for (const each of texts) masker.push(each);
    masker.finish();
    pieces += texts.flat().length;
    const out = new ByteMasker(secrets).mask(masker.edits.applied(bytes, 0));
    const at = out.findIndex((byte, i) => byte !== bytes[i]);
    if (at >= 0)
      hidden.push(`${file}: ${secrets.kindOf(0)}: ${Buffer.from(bytes.subarray(at - 40, at + 40)).toString()}`);
  }
  expect(hidden).toEqual([]);
  expect(pieces).toBeGreaterThan(10_000);
});
