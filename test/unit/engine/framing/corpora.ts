import { readdirSync, readFileSync } from 'node:fs';
import { conformancePath, hasConformanceData } from '../../../conformance/conformanceData.ts';
import { event } from './awsMessages.ts';

/** Bodies that are real, where the conformance data is beside the checkout, and a few of our own where it is not. */
export function corpora(): readonly Buffer[] {
  const own = [
    'event: order\ndata: {"a":1}\nid: 7\n\n: ping\n\ndata: [DONE]\n\n',
    '{"type":"a","n":12345678901234567890}\n{"b":[1,{"c":null}]}\r\n\n[2]\n',
    '[{"a":1},\n {"b":"\\u00e9"}, 3.5e-7, null]',
    '{"total":2,"items":[{"id":1},{"id":2}],"next":null}{"more":true}',
    '\x1e{"a":1}\n\x1e[1,\n2]\n\x1e5\n',
    'preamble\r\n--b\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n--b\r\nContent-Length: 3\r\n\r\nabc\r\n--b--\r\n',
    'a line\nanother é漢字🙂\n',
  ].map((text) => Buffer.from(text));
  const messages = Buffer.concat([event('chunk', '{"a":1}'), event('delta', 'x'.repeat(300))]);
  return [...own, messages, ...(hasConformanceData ? recorded() : [])];
}

/** Longer ones are cut: what matters is how many different ones there are. */
const longest = 16_384;

function recorded(): readonly Buffer[] {
  const files = [
    ...readdirSync(conformancePath('streams'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[a-z]+$/.test(name) && !name.endsWith('.meta.json'))
      .map((name) => `streams/${name}`),
    ...readdirSync(conformancePath('json/parsing')).map((name) => `json/parsing/${name}`),
  ];
  return files.sort().map((name) => readFileSync(conformancePath(name)).subarray(0, longest));
}
