import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInstrument, type Instrument } from '../../../src/main/instrument/createInstrument.ts';
import { openLibrary } from '../../../src/main/store/library.ts';
import type { Library } from '../../../src/main/store/recordingStore.ts';
import type { Ending, ExchangeFacts, Mark, Reconnection, ResponseHead } from '../../../src/shared/recording.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import type { HeaderList } from '../../../src/shared/request.ts';
import { endingKinds, markNames } from '../../../src/shared/words.ts';
import { factsOf, libraryIn, newId, summaryOf, value } from '../store/sampleRecordings.ts';

let home = '';
let instrument: Instrument | undefined;
const signal = new AbortController().signal;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'streamscope-interchange-'));
});

afterEach(async () => {
  await instrument?.close();
  instrument = undefined;
  await rm(home, { recursive: true, force: true });
});

const runs = process.env.STREAMSCOPE_DEEP === '1' ? 300 : 12;

interface Chunk {
  readonly atMicros: number;
  readonly bytes: Uint8Array;
  readonly continues: boolean;
}

interface Sample {
  readonly facts: ExchangeFacts;
  readonly chunks: readonly Chunk[];
  readonly note: string | null;
}

const micros = fc.integer({ min: 0, max: 10 ** 9 });
const word = fc.string({ unit: 'grapheme', maxLength: 20 });
const headers: fc.Arbitrary<HeaderList> = fc.array(fc.tuple(fc.stringMatching(/^[a-zA-Z][\w-]{0,9}$/), word), {
  maxLength: 4,
});
const head: fc.Arbitrary<ResponseHead> = fc.record({
  status: fc.integer({ min: 200, max: 599 }),
  statusText: word,
  httpVersion: fc.constantFrom('1.0', '1.1', '2'),
  headers: headers.map((list) => list.filter(([name]) => !/^(?:content|transfer)-/i.test(name))),
  atMicros: micros,
});
const ending: fc.Arbitrary<Ending> = fc.record({
  kind: fc.constantFrom(...endingKinds),
  code: fc.constantFrom('end/complete', 'end/reset', 'end/chunk-cut', 'end/stopped'),
  message: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  offset: fc.option(fc.nat(), { nil: null }),
  atMicros: micros,
});
const mark: fc.Arbitrary<Mark> = fc.oneof(
  fc.record({ name: fc.constantFrom(...markNames), atMicros: micros }),
  fc.record({
    name: fc.constant('redirect' as const),
    atMicros: micros,
    facts: fc.record({
      status: fc.constantFrom(301, 307),
      from: fc.webUrl(),
      to: fc.webUrl(),
      headers,
    }),
  }),
  fc.record({
    name: fc.constant('connect' as const),
    atMicros: micros,
    facts: fc.record({ remote: fc.constant('127.0.0.1:443'), alpn: fc.constant('h2'), reason: word }),
  }),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
  fc
    .constantFrom('data: {"a":1}\n\n', '{"n":1}\n', '\uFEFFdata: é\r\n\r\n')
    .map((text) => new TextEncoder().encode(text)),
);
const chunks: fc.Arbitrary<readonly Chunk[]> = fc
  .array(fc.record({ bytes, wait: fc.oneof(fc.constant(0), micros), continues: fc.boolean() }), { maxLength: 30 })
  .map((specs) => {
    let atMicros = 0;
    return specs
      .filter((spec) => spec.bytes.length > 0)
      .map(({ bytes: each, wait, continues }) => ({ atMicros: (atMicros += wait), bytes: each, continues }));
  });

/** A place in the stream, as a share of its chunks, at which another connection begins. */
const cut = fc.record({
  at: fc.integer({ min: 0, max: 10 }),
  after: ending,
  waitMicros: micros,
  atMicros: fc.option(micros, { nil: null }),
  resumedFrom: fc.option(word, { nil: null }),
  head: fc.option(head, { nil: null }),
});

const sample: fc.Arbitrary<Sample> = fc
  .record({
    chunks,
    marks: fc.array(mark, { maxLength: 6 }),
    sentHeaders: headers,
    head: fc.option(head, { nil: null }),
    trailers: headers,
    ending: fc.option(ending, { nil: null }),
    timesKnown: fc.boolean(),
    bordersKnown: fc.boolean(),
    note: fc.option(
      word.map((text) => text.trim()).filter((text) => text !== ''),
      { nil: null },
    ),
    cuts: fc.array(cut, { maxLength: 3 }),
    findings: fc.array(
      fc.record({
        code: fc.constantFrom('end/extra-bytes', 'http/chunk-extension'),
        details: fc.record({ bytes: fc.nat(), preview: word }),
      }),
      { maxLength: 2 },
    ),
    body: fc.oneof(
      fc.constant({ kind: 'none' as const }),
      word.map((text) => ({ kind: 'text' as const, text })),
      fc.uint8Array({ maxLength: 9 }).map((each) => ({ kind: 'bytes' as const, bytes: each })),
    ),
    method: fc.constantFrom('GET', 'POST'),
  })
  .map(({ chunks: list, cuts, findings, bordersKnown, body, method, note, ...rest }): Sample => {
    const offsets = [0];
    for (const { bytes: each } of list) offsets.push((offsets.at(-1) ?? 0) + each.length);
    // Only a stream that was answered goes on in another connection.
    const reconnections = (rest.head === null ? [] : cuts)
      .map(({ at, ...others }): Reconnection => {
        const firstChunk = Math.round((at / 10) * list.length);
        return { ...others, firstChunk, wireOffset: offsets[firstChunk] ?? 0 };
      })
      .sort((a, b) => a.firstChunk - b.firstChunk);
    const base = factsOf(newId());
    return {
      facts: {
        ...base,
        ...rest,
        request: base.request === null ? null : { ...base.request, body, method },
        ...(bordersKnown ? {} : { bordersKnown: false }),
        ...(reconnections.length === 0 ? {} : { reconnections }),
        ...(findings.length === 0 ? {} : { transportFindings: findings }),
      },
      // Where borders or times are not known, none are written.
      chunks: list.map((each) => ({
        ...each,
        atMicros: rest.timesKnown ? each.atMicros : 0,
        continues: bordersKnown && each.continues,
      })),
      note,
    };
  });

/** Puts a recording on the disk as the store keeps it; without an ending it was interrupted. */
async function keep(library: Library, { facts, chunks: list, note }: Sample): Promise<void> {
  const begun = { ...facts, ending: null };
  const writer = value(library.create(begun, summaryOf(begun)));
  for (const { atMicros, bytes: each, continues } of list) writer.chunk(atMicros, each, continues);
  if (note !== null) value(await library.change([facts.id], { note }));
  if (facts.ending !== null) value(await writer.finish(facts, summaryOf(facts)));
  else while (writer.unwrittenBytes > 0) await new Promise((resolve) => setImmediate(resolve));
  writer.close();
}

async function exported(id: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  const written = instrument?.exports.write({ id, format: 'jsonl', withSecrets: true }, signal);
  for await (const { bytes: piece } of written ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function broughtIn(text: string): Promise<string> {
  const file = path.join(home, 'file.stream.jsonl');
  await writeFile(file, text);
  const [id] = (await instrument?.importAll(file)) ?? [''];
  await instrument?.recordings.settled(id);
  return id;
}

function digestOf(id: string): string {
  const reader = instrument?.recordings.get(id).reader;
  const wire = reader?.read('wire', 0, reader.byteLength('wire')) ?? new Uint8Array(0);
  return createHash('sha256').update(wire).digest('hex');
}

function chunksOf(id: string): readonly unknown[] {
  const found: unknown[] = [];
  const index = instrument?.recordings.get(id).chunks;
  index?.visit(0, index.count, (run, _first, from, to) => {
    for (let i = from; i < to; i++) {
      const length = (run.offset[i + 1] ?? 0) - (run.offset[i] ?? 0);
      found.push([run.micros[i], length, run.continues[i] === 1]);
    }
  });
  return found;
}

describe('a recording as .stream.jsonl', () => {
  it('comes back with the same bytes, borders, times and facts, and is written the same, whatever it holds', async () => {
    instrument = await createInstrument({
      host: 'memory',
      version: '1.2.3',
      folder: home,
      samplesFolder: null,
      startMock: false,
    });
    const { recordings } = instrument;
    const library = libraryIn(home);
    await fc.assert(
      fc.asyncProperty(sample, async (made) => {
        if (made.facts.ending !== null) await keep(library, made);
        else {
          // Interrupted: whoever recorded it is gone.
          const left = value(openLibrary(home, defaultLimits));
          await keep(left, made);
          await left.close();
        }
        const { id } = made.facts;
        const file = await exported(id);
        const again = await broughtIn(file);
        const wire = createHash('sha256').update(Buffer.concat(made.chunks.map(({ bytes: each }) => each)));
        expect(digestOf(id)).toBe(wire.digest('hex'));
        expect(digestOf(again)).toBe(digestOf(id));
        expect(chunksOf(again)).toEqual(made.chunks.map((each) => [each.atMicros, each.bytes.length, each.continues]));
        const facts = recordings.get(again).facts();
        expect(facts.reconnections).toEqual(made.facts.reconnections);
        expect(facts.marks).toEqual(made.facts.marks);
        expect(facts.trailers).toEqual(made.facts.trailers);
        expect(facts.head).toEqual(made.facts.head);
        expect(recordings.told(again)?.note ?? null).toBe(made.note);
        expect(await exported(again)).toBe(file);
      }),
      { numRuns: runs },
    );
  }, 600_000);
});
