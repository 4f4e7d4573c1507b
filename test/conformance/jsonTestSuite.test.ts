import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ruleOf } from '../../src/engine/diagnostics/catalogue.ts';
import type { JsonShape } from '../../src/engine/framing/json.ts';
import { byteByByte, codes, collect, seededCuts, split, type Collected } from '../unit/engine/framing/collect.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

interface SuiteFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const files: readonly SuiteFile[] = hasConformanceData
  ? readdirSync(conformancePath('json/parsing'))
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, bytes: readFileSync(conformancePath(`json/parsing/${name}`)) }))
  : [];

/** A way to feed one file of the suite, or the reason why a file means something else when it is fed so. */
interface Feeding {
  readonly title: string;
  readonly framing: 'json' | 'ndjson';
  readonly shape?: JsonShape;
  readonly feed: (file: SuiteFile) => Buffer | { readonly reason: string };
}

const feedings: readonly Feeding[] = [
  { title: 'a single value', framing: 'json', shape: 'single', feed: ({ bytes }) => bytes },
  {
    title: 'an element of an array',
    framing: 'json',
    shape: 'array',
    feed: ({ bytes }) => Buffer.concat([Buffer.from('[0,'), bytes, Buffer.from(',1]')]),
  },
  {
    title: 'a line of NDJSON',
    framing: 'ndjson',
    feed: ({ name, bytes }) => {
      if (/^(\ufeff|\s)*$/.test(bytes.toString())) return { reason: 'a blank line is a keep-alive, not a fault' };
      if (!bytes.includes(10)) return Buffer.concat([bytes, Buffer.from('\n')]);
      if (name.startsWith('n_')) return { reason: 'a raw line feed ends the line, so its halves are judged apart' };
      // Whitespace between tokens, so a space means the same.
      return Buffer.from([...bytes.map((value) => (value === 10 ? 32 : value)), 10]);
    },
  },
];

function faults(collected: Collected): string[] {
  return [
    ...codes(collected).filter((code) => ruleOf(code).severity === 'error'),
    ...collected.frames.filter(({ kind }) => kind === 'incomplete').map(() => 'incomplete'),
  ];
}

describe.skipIf(!hasConformanceData)(`JSONTestSuite (skipped where ${whySkipped})`, () => {
  it('has all of it', () => {
    expect(files).toHaveLength(318);
  });

  for (const { title, framing, shape, feed } of feedings) {
    describe(`as ${title}`, () => {
      for (const file of files) {
        const body = feed(file);
        if ('reason' in body) {
          it(file.name, (context) => {
            context.skip(true, body.reason);
          });
          continue;
        }
        it(file.name, () => {
          const options = shape === undefined ? {} : { shape };
          const whole = collect(framing, [body], options);
          // One file of the suite has 100,000 brackets: a piece for each byte would say no more than for its first ones.
          const feedings = [byteByByte(body.subarray(0, 5_000)), ...seededCuts(body).map((cuts) => split(body, cuts))];
          if (body.length > 5_000) feedings[0]?.push(body.subarray(5_000));
          for (const pieces of feedings) expect(collect(framing, pieces, options).calls).toEqual(whole.calls);
          const found = faults(whole);
          if (file.name.startsWith('y_')) expect(found).toEqual([]);
          else if (file.name.startsWith('n_')) expect(found).not.toEqual([]);
          else expect(found).toBeInstanceOf(Array);
        });
      }
    });
  }
});
