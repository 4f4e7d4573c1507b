/** Writes `docs/diagnostics.md` from the catalogue: `node scripts/docs/diagnostics.mjs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { catalogue } from '../../src/engine/diagnostics/catalogue.ts';
import { root } from '../run/checkout.mjs';

export const diagnosticsDocument = join(root, 'docs', 'diagnostics.md');

/** What the areas of the codes are about, in the order of the document. */
const areas = Object.freeze({
  sse: 'Server-Sent Events',
  ndjson: 'JSON lines',
  json: 'JSON',
  'json-seq': 'JSON text sequences',
  aws: 'AWS event streams',
  multipart: 'Multipart bodies',
  utf8: 'UTF-8',
  text: 'Text',
  http: 'HTTP',
  head: 'The head of the answer',
  end: 'The end of the transfer',
  timing: 'Timing',
  reconnect: 'Reconnection',
  app: 'What the application says',
  ai: 'Token streams',
  proxy: 'The capture proxy',
  import: 'Imported files',
  recording: 'Recordings',
});

/** @param {string} code */
const areaOf = (code) => code.slice(0, code.indexOf('/'));

/** The document as it has to be now. */
export function writeDiagnostics() {
  const lines = [
    '# Diagnostics',
    '',
    '<!-- Made from src/engine/diagnostics by scripts/docs/diagnostics.mjs; change the catalogue, not this file. -->',
    '',
    'Everything that Streamscope looks for in a stream. A code is `area/code` and stays what it is. An **error** is',
    'something that loses or breaks data, a **warning** is something that will bite, an **info** is worth knowing.',
  ];
  const known = Object.keys(areas);
  const codes = catalogue.map(({ code }) => code);
  for (const area of [...known, ...new Set(codes.map(areaOf).filter((name) => !known.includes(name)))]) {
    const rules = catalogue.filter(({ code }) => areaOf(code) === area);
    if (rules.length === 0) continue;
    lines.push('', `## ${Object.entries(areas).find(([name]) => name === area)?.[1] ?? area}`);
    for (const { code, severity, title, advice, isChecked } of rules) {
      lines.push('', `### \`${code}\``, '', `**${severity}** · ${title}.${isChecked ? '' : ' _Not checked yet._'}`);
      lines.push('', `What to do: ${advice}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(diagnosticsDocument, writeDiagnostics());
