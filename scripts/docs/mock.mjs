/** Writes `docs/mock.md` from the mock server's endpoints and faults: `node scripts/docs/mock.mjs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { inGroups, mockEndpoints } from '../../src/engine/mock/endpoints.ts';
import { faultDescriptions } from '../../src/engine/mock/faults/catalogue.ts';
import { root } from '../run/checkout.mjs';

export const mockDocument = join(root, 'docs', 'mock.md');

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param {string | number} fallback */
const shown = (fallback) => (fallback === '' ? '' : `\`${String(fallback)}\``);

/** @param {(typeof mockEndpoints)[number]} endpoint */
function section({ method, path, title, example, exampleBody, knobs }) {
  const lines = ['', `### \`${method} ${path}\``, '', title, '', '```sh'];
  const body = exampleBody === null ? '' : ` --json '${JSON.stringify(JSON.parse(exampleBody))}'`;
  lines.push(`curl -N${method === 'POST' && body === '' ? ' -X POST' : ''} "$MOCK${example}"${body}`, '```');
  if (knobs.length === 0) return lines;
  lines.push('', '| knob | takes | without | |', '| --- | --- | --- | --- |');
  for (const { name, allowed, fallback, sentence } of knobs) {
    lines.push(`| \`${name}\` | ${cell(allowed)} | ${shown(fallback)} | ${cell(sentence)} |`);
  }
  return lines;
}

/** The document as it has to be now. */
export function writeMock() {
  const lines = [
    '# The mock server',
    '',
    '<!-- Made from src/engine/mock by scripts/docs/mock.mjs; change the endpoints, not this file. -->',
    '',
    'Streams with known contents and timing, on this machine only. `GET /` lists them as a page for a browser and as JSON',
    'for everyone else, `GET /health` says what the server has carried. Below, `$MOCK` is its address, such as',
    '`http://127.0.0.2:4010`.',
    '',
    '- Knobs are set in the query string, and in the JSON body where the example has one with knobs in it; what the body',
    '  says goes before the query. A wrong knob or value is answered with 400 and a sentence that says what is taken.',
    '- The same `seed` gives the same bytes. Streams are made as they are sent, however long they are.',
    '- `auth=bearer` asks for `Authorization: Bearer` with any token.',
    '- Any stream can be broken on purpose: see [Faults](#faults).',
  ];
  for (const [name, endpoints] of inGroups(mockEndpoints)) {
    lines.push('', `## ${name}`, ...endpoints.flatMap(section));
  }
  lines.push('', '## Faults', '', '| example | what the server does | over |', '| --- | --- | --- |');
  for (const { example, sentence, protocols } of faultDescriptions) {
    lines.push(`| \`?fault=${example}\` | ${cell(sentence)} | ${protocols.join(', ')} |`);
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(mockDocument, writeMock());
