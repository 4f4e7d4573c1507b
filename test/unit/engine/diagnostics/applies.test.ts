import { expect, it } from 'vitest';
import { ruleApplies, type JudgedParts } from '../../../../src/engine/diagnostics/applies.ts';
import { checkedRules } from '../../../../src/engine/diagnostics/catalogue.ts';

const parts: JudgedParts = {
  framing: 'ndjson',
  hasHead: true,
  isCoded: false,
  timesKnown: true,
  isImported: false,
  isProxied: false,
  followsConnections: false,
  hasDialect: false,
};

it('a rule applies where there is something that it looks at', () => {
  const applying = new Set(checkedRules.map(({ code }) => code).filter((code) => ruleApplies(code, parts)));
  for (const code of [
    'ndjson/invalid-json',
    'json/duplicate-key',
    'head/http1.0-stream',
    'timing/stall',
    'app/missing-end',
  ]) {
    expect(applying).toContain(code);
  }
  for (const code of [
    'sse/no-data',
    'aws/bad-prelude-crc',
    'end/coding-corrupt',
    'import/malformed-line',
    'reconnect/hole',
  ]) {
    expect(applying).not.toContain(code);
  }
});

it('nothing of an imported body without times is judged by head or time', () => {
  const imported = { ...parts, hasHead: false, timesKnown: false, isImported: true };
  expect(['http/status', 'timing/stall', 'end/extra-bytes'].filter((code) => ruleApplies(code, imported))).toEqual([]);
  expect(ruleApplies('import/digest-differs', imported)).toBe(true);
});

it('nothing of the body is judged before its framing is known', () => {
  const early = { ...parts, framing: null };
  expect(['app/missing-end', 'ndjson/invalid-json', 'utf8/invalid'].filter((code) => ruleApplies(code, early))).toEqual(
    [],
  );
});
