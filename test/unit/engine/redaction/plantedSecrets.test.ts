import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteMasker } from '../../../../src/engine/redaction/byteMasker.ts';
import { KnownSecrets } from '../../../../src/engine/redaction/knownSecrets.ts';
import { findInFacts, redactFacts } from '../../../../src/engine/redaction/redactFacts.ts';
import { SecretFinder } from '../../../../src/engine/redaction/secretFinder.ts';
import { defaultRequestOptions } from '../../../../src/shared/request.ts';
import type { ExchangeFacts } from '../../../../src/shared/recording.ts';
import { made, shaped } from './madeSecrets.ts';

/** Secrets of no known shape, known by the name they have in the request. */
const named: readonly (readonly [string, (value: string) => Partial<NonNullable<ExchangeFacts['request']>>, string])[] =
  [
    ['X-Api-Key', (value) => ({ headers: [['X-Api-Key', value]] }), made(32, 301)],
    [
      'Authorization',
      (value) => ({ headers: [['authorization', `Bearer ${value}`]] }),
      `${made(20, 302)}+/${made(9, 3)}=`,
    ],
    ['Cookie', (value) => ({ headers: [['Cookie', `theme=dark; sid=${value}`]] }), made(26, 303)],
    ['bearer', (value) => ({ auth: { kind: 'bearer', token: value } }), made(30, 304)],
    ['basic', (value) => ({ auth: { kind: 'basic', username: 'me', password: value } }), 'korrekt "Pferd" <Batterie>'],
    ['query', (value) => ({ url: `http://a.test/?api_key=${encodeURIComponent(value)}` }), `q/${made(18, 305)}&é`],
    ['url', (value) => ({ url: `http://me:${encodeURIComponent(value)}@a.test/` }), `p@ss/${made(8, 306)}`],
    [
      'field',
      (value) => ({ body: { kind: 'text', text: JSON.stringify({ password: value }) } }),
      `pass"w\\ord ${made(9, 7)}`,
    ],
  ];

function factsWith(request: Partial<NonNullable<ExchangeFacts['request']>>): ExchangeFacts {
  return {
    id: 'r',
    source: 'request',
    startedAt: 0,
    request: {
      method: 'POST',
      url: 'http://a.test/',
      headers: [],
      body: { kind: 'none' },
      auth: { kind: 'none' },
      options: defaultRequestOptions,
      ...request,
    },
    sentHeaders: [],
    marks: [],
    head: null,
    trailers: [],
    ending: null,
    timesKnown: true,
    framingOverride: null,
    uncertaintyMicros: null,
  };
}

const utf8 = new TextEncoder();
const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** Spellings of a secret as they are met in streams. */
const spellings: readonly (readonly [string, (secret: string) => string])[] = [
  ['plain', (secret) => secret],
  ['JSON', (secret) => JSON.stringify(secret).slice(1, -1)],
  ['JSON in JSON', (secret) => JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1)],
  [
    'JSON, all escaped',
    (secret) => secret.replace(/[^]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['percent', (secret) => encodeURIComponent(secret)],
  ['form', (secret) => new URLSearchParams({ a: secret }).toString().slice(2)],
  ['hex', (secret) => Buffer.from(secret).toString('hex')],
  ['HEX', (secret) => Buffer.from(secret).toString('hex').toUpperCase()],
  ['base64', (secret) => b64(secret)],
  ['base64 behind one byte', (secret) => b64(`:${secret}`)],
  ['base64 behind two bytes', (secret) => b64(`: ${secret} `)],
  ['base64url', (secret) => Buffer.from(secret).toString('base64url')],
];

/** Where it lies in a stream. */
const places: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `data: {"text":"${text}"}\n\n`,
  (text) => `data: {"text":"before\\n${text}"}\n\n`,
  (text) => `{"a":1}\n{"url":"http://b.test/?x=${text}&y=2"}\n`,
  (text) => `: ${text}\n\n`,
  (text) => `event: ${text}\ndata: x\n\n`,
  (text) => `["${text}","${text}"]`,
  (text) => `${'x'.repeat(300_000)} ${text} tail`,
  (text) => `<p title='${text}'>é</p>`,
  (text) => `key=${text};path=/`,
];

/** What is left of a stream when it is pushed in pieces of `size`. */
function redacted(secrets: KnownSecrets, stream: Uint8Array, size: number): Uint8Array {
  const masker = new ByteMasker(secrets);
  const out: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) out.push(masker.push(stream.subarray(at, at + size)));
  out.push(masker.finish());
  return new Uint8Array(Buffer.concat(out));
}

function found(stream: Uint8Array, secrets = new KnownSecrets()): KnownSecrets {
  const finder = new SecretFinder(secrets);
  finder.push(stream);
  finder.finish();
  return secrets;
}

describe('planted secrets', () => {
  it.each(shaped)(
    'of the shape of %s do not survive, wherever and however they are spelled',
    (_name, make) => {
      const survivors: string[] = [];
      places.forEach((place, p) => {
        spellings.forEach(([spelling, spell], s) => {
          const secret = make(p * 100 + s);
          // The secret itself is nowhere: it has to be found in its spelling.
          const stream = utf8.encode(place(spell(secret)));
          const size = p === 7 ? 65_521 : 1 + ((p * 7 + s) % 13);
          const out = redacted(found(stream), stream, size);
          expect(out.length).toBe(stream.length);
          const text = Buffer.from(out).toString();
          if (text.includes(secret) || text.includes(spell(secret)))
            survivors.push(`${spelling} in place ${String(p)}`);
        });
      });
      expect(survivors).toEqual([]);
    },
    30_000,
  );

  it.each(named)(
    'that %s names do not survive in the answer, wherever and however they are spelled',
    (_name, request, secret) => {
      const survivors: string[] = [];
      const secrets = new KnownSecrets();
      const facts = factsWith(request(secret));
      findInFacts(facts, secrets);
      expect(JSON.stringify(redactFacts(facts, secrets))).not.toContain(secret);
      places.forEach((place, p) => {
        spellings.forEach(([spelling, spell], s) => {
          const stream = utf8.encode(place(spell(secret)));
          const out = redacted(secrets, stream, p === 7 ? 65_521 : 1 + ((p * 7 + s) % 13));
          expect(out.length).toBe(stream.length);
          if (Buffer.from(out).toString().includes(spell(secret))) survivors.push(`${spelling} in place ${String(p)}`);
        });
      });
      expect(survivors).toEqual([]);
    },
    30_000,
  );

  it('have the same label wherever they are as long, and line ends stay', () => {
    const secret = `sk-${made(40, 1)}`;
    const stream = utf8.encode(`${secret}\n${secret}\n`);
    const [first, second] = Buffer.from(redacted(found(stream), stream, 7))
      .toString()
      .split('\n');
    expect(first).toMatch(/^REDACTED1x+$/);
    expect(second).toBe(first);
  });

  it('that are short are hidden by the name before them', () => {
    const stream = utf8.encode('{"password":"abc","x":"abc"}');
    expect(Buffer.from(redacted(found(stream), stream, 3)).toString()).toBe('{"password":"R1x","x":"abc"}');
  });

  it('are found and hidden the same however the bytes are split', () => {
    const secret = `sk-${made(40, 2)}`;
    const stream = utf8.encode(
      Array.from(
        { length: 400 },
        (_, i) => `data: {"n":${String(i)},"k":"${i % 7 === 0 ? secret : b64(secret)}"}\n\n`,
      ).join(''),
    );
    const whole = Buffer.from(redacted(found(stream), stream, stream.length)).toString('latin1');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 20 }), (sizes) => {
        const secrets = new KnownSecrets();
        const finder = new SecretFinder(secrets);
        const pieces: Uint8Array[] = [];
        for (let at = 0, n = 0; at < stream.length; n++) {
          const size = sizes[n % sizes.length] as number;
          pieces.push(stream.subarray(at, at + size));
          at += size;
        }
        for (const piece of pieces) finder.push(piece);
        finder.finish();
        const masker = new ByteMasker(secrets);
        const out = Buffer.concat([...pieces.map((piece) => masker.push(piece)), masker.finish()]).toString('latin1');
        expect(out).toBe(whole);
      }),
      { numRuns: 50 },
    );
  });
});

describe('hostile text', () => {
  const million = 1_000_000;
  it.each([
    ['beginnings of keys', 'sk-'],
    ['beginnings of tokens', 'eyJ'],
    ['tokens without an end', 'eyJaaaaaaaaaaaa.'],
    ['key blocks without an end', '-----BEGIN PRIVATE KEY-----'],
    ['quotes and backslashes', '\\"'],
    ['names without values', '"password":'],
    ['escaped names', '\\\\\\"token\\\\\\": '],
    ['addresses', '://a:'],
  ])('of %s costs time in proportion to its length', (_name, unit) => {
    const time = (bytes: number): number => {
      const stream = utf8.encode(unit.repeat(Math.ceil(bytes / unit.length)));
      const started = performance.now();
      found(stream);
      return performance.now() - started;
    };
    time(million);
    const short = Math.max(1, time(million));
    expect(time(4 * million) / short).toBeLessThan(12);
  });
});
