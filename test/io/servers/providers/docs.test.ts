import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { mockEndpoints } from '../../../../src/engine/mock/endpoints.ts';
import { behaviours } from '../../../../src/engine/mock/providers/behaviours.ts';
import { createMockServer } from '../../../../src/main/servers/mock/mockServer.ts';

const root = path.join(import.meta.dirname, '../../../..');
const folder = path.join(root, 'test/output/docs-providers');
const document = readFileSync(path.join(root, 'docs/providers.md'), 'utf8');
const examples = [...document.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
const documented = 'http://127.0.0.2:4010';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('docs/providers.md', () => {
  it('has examples that work as they stand there', async () => {
    expect(examples).toHaveLength(11);
    // Nobody waits for the pace here: every step is due at once.
    const clock = { nowMillis: () => 0, sleepUntil: () => Promise.resolve() };
    const server = createMockServer({ port: 0, clock });
    closers.push(
      () => server.stop(),
      () => rmSync(folder, { recursive: true, force: true }),
    );
    const { url } = await server.start();
    mkdirSync(folder, { recursive: true });
    const border = '\n—\n';
    // Loading a client takes so long that connections of the example before would be closed meanwhile: clients first.
    const clients = new Set(
      [...document.matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => `import '${name}';`),
    );
    const runs = examples.map((code, i) => {
      const file = path.join(folder, `example${i}.mjs`);
      writeFileSync(file, code.replaceAll(documented, url));
      return `await import('${pathToFileURL(file).href}'); process.stdout.write(${JSON.stringify(border)});`;
    });
    const runner = path.join(folder, 'all.mjs');
    writeFileSync(runner, [...clients, ...runs].join('\n'));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [runner], { cwd: folder });
    expect(stderr).toBe('');
    const said = stdout.split(border);
    expect(said.pop()).toBe('');
    expect(said).toHaveLength(examples.length);
    for (const text of said) expect(text).toContain('You asked: “What makes a good stream?”');
  }, 120_000);

  it('names every base that there is, and every behaviour', () => {
    const bases = mockEndpoints.filter(({ path: at }) => document.includes(`${documented}/${at.split('/')[1] ?? ''}`));
    for (const group of [
      'OpenAI',
      'Anthropic',
      'Gemini',
      'Ollama',
      'Mistral',
      'Cohere',
      'Bedrock',
      'OpenRouter',
      'MCP',
    ]) {
      expect(bases.some((endpoint) => endpoint.group === group)).toBe(true);
    }
    for (const behaviour of behaviours.filter((one) => one !== 'auto')) {
      expect(document).toContain(behaviour.startsWith('error-') ? behaviour.slice('error'.length) : `\`${behaviour}\``);
    }
  });
});
