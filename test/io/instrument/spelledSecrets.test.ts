import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import type { ExportFormat } from '../../../src/shared/export.ts';
import { made, shaped } from '../../unit/engine/redaction/madeSecrets.ts';
import { spellingStreams, type SpellingStream } from './spelledStreams.ts';

const signal = new AbortController().signal;
let home = '';
let instrument: Instrument;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-spelled-'));
  instrument = await createInstrument({
    host: 'memory',
    version: '1.2.3',
    folder: home,
    samplesFolder: null,
    startMock: false,
  });
});

afterAll(async () => {
  await instrument.close();
  await rm(home, { recursive: true, force: true });
});

/** A secret and what stands around it. */
interface Phrase {
  readonly secret: string;
  readonly phrase: string;
}

/** Thirty kinds: by shape, and by the name before them. */
const kinds: readonly ((seed: number) => Phrase)[] = [
  ...shaped.map(([, make]) => (seed: number) => {
    const secret = make(seed);
    return { secret, phrase: `it is ${secret} so` };
  }),
  ...[
    (value: string) => `{"password":"${value}"}`,
    (value: string) => `{"a":1,"client_secret": "${value}","b":2}`,
    (value: string) => `http://b.test/?access_token=${value}&x=1`,
    (value: string) => `a=1&refresh_token=${value}`,
    (value: string) => `postgres://me:${value}@db.test/x`,
    (value: string) => `Authorization: Bearer ${value}`,
    (value: string) => `{"headers":{"X-Api-Key":"${value}"}}`,
    (value: string) => `{"connection_string":["${value}"]}`,
  ].map((around) => (seed: number) => {
    const secret = `v${made(24, seed)}`;
    return { secret, phrase: around(secret) };
  }),
];

interface Spelling {
  readonly name: string;
  readonly spell: (text: string) => string;
  readonly unspell: (text: string) => string;
}

const escaped = (text: string): string =>
  text.replace(/[^]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const coded = (encoding: 'base64' | 'base64url' | 'hex', before = ''): Spelling => ({
  name: `${encoding}${before === '' ? '' : ` behind ${String(before.length)}`}`,
  spell: (text) => Buffer.from(before + text).toString(encoding),
  unspell: (text) => Buffer.from(text, encoding).toString('latin1'),
});
const spellings: readonly Spelling[] = [
  { name: 'plain', spell: (text) => text, unspell: (text) => text },
  { name: 'JSON', spell: (text) => JSON.stringify(text).slice(1, -1), unspell: (text) => text },
  {
    name: 'JSON, all escaped',
    spell: escaped,
    unspell: (text) => text.replace(/\\u00(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  },
  {
    name: 'percent',
    spell: encodeURIComponent,
    unspell: (text) => text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  },
  coded('base64'),
  coded('base64', ','),
  coded('base64', ': '),
  coded('base64url'),
  coded('hex'),
];

const separator = ' ~~ ';

/** Cut where a generator says, one to seven characters at a time. */
function cut(text: string): readonly string[] {
  const pieces: string[] = [];
  let state = text.length;
  for (let at = 0; at < text.length;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const size = 1 + ((state >>> 8) % 7);
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

async function broughtIn(stream: SpellingStream, body: Uint8Array): Promise<string> {
  const file = path.join(home, stream.fileName);
  await writeFile(file, body);
  const [id] = await instrument.importAll(file);
  await instrument.recordings.settled(id);
  return id;
}

async function exported(id: string, format: ExportFormat): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const { bytes } of instrument.exports.write({ id, format, withSecrets: false }, signal))
    pieces.push(bytes);
  return Buffer.concat(pieces);
}

/** Any of the secret's insides, eight characters long. */
function holdsPartOf(text: string, secret: string): boolean {
  for (let at = 4; at + 8 <= secret.length; at++) if (text.includes(secret.slice(at, at + 8))) return true;
  return false;
}

describe.each(spellingStreams)('secrets that a stream spells over its frames ($name)', (stream) => {
  it.each(spellings)('do not survive as $name', async ({ name, spell, unspell }) => {
    const phrases = kinds.map((kind, k) => kind(1_000 * spellings.findIndex((each) => each.name === name) + 3 * k));
    const text = phrases.map(({ phrase }) => spell(phrase)).join(separator);
    const body = stream.write(cut(text));
    const id = await broughtIn(stream, body);
    const raw = await exported(id, 'raw');
    expect(raw.length).toBe(body.length);
    const said = stream.read(raw).split(separator);
    expect(said).toHaveLength(phrases.length);
    const survivors = phrases.filter(({ secret }, i) => holdsPartOf(unspell(said[i] ?? ''), secret));
    expect(survivors.map(({ phrase }) => phrase)).toEqual([]);
    const text2 = (await exported(id, 'text')).toString().split(separator);
    expect(phrases.filter(({ secret }, i) => holdsPartOf(unspell(text2[i] ?? ''), secret))).toEqual([]);
  });
});
