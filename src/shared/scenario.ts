import { z } from 'zod';

/**
 * A scenario as a person writes it, in JSON or YAML: what the mock server answers, step by step. This is the form of the
 * document and no more; `engine/mock/scenario` reads it, says what is wrong in it, and performs it. The descriptions are
 * what an editor shows beside a key.
 */

/** What a document may hold. Each is named where it is hit. */
export const scenarioLimits = Object.freeze({
  /** Steps in a document, those inside `repeat` among them. */
  steps: 10_000,
  /** `repeat` inside `repeat`. */
  nesting: 8,
  /** Passes of one `repeat` that is not `forever`. */
  times: 1_000_000_000,
  waitMillis: 86_400_000,
  /** What one step sends, in bytes, once its places are filled in. */
  sendBytes: 4_194_304,
  /** Levels of JSON values, and of the document itself. */
  depth: 64,
  /** UTF-16 code units of one `{{…}}`. */
  expression: 1_000,
});

/** A number of milliseconds, or text such as `1.5s`; with places, `{{delayMs}}ms`. */
const duration = (description: string) =>
  z
    .union([z.number().min(0).max(scenarioLimits.waitMillis), z.string().max(200)])
    .describe(`${description} Milliseconds, or a time such as 250us, 100ms, 1.5s, 2min; "{{delayMs}}ms" takes a knob.`);

const share = z.number().min(0).max(1);

const pace = z
  .union([
    duration('The same time before every chunk.'),
    z
      .strictObject({
        every: duration('The time before every chunk.'),
        jitter: duration('Earlier or later by up to this, evenly spread.'),
      })
      .describe('Jittered: about the same time before every chunk.'),
    z
      .strictObject({
        perCharacter: duration('The time that one character takes.'),
        least: duration('At least this before a chunk.').exactOptional(),
        most: duration('At most this before a chunk.').exactOptional(),
      })
      .describe('Adaptive: the longer a chunk, the longer the time before it.'),
    z
      .strictObject({
        burst: z.number().int().min(1).max(1_000_000).describe('Chunks that come together.'),
        every: duration('The time before each burst.'),
        within: duration('The time between the chunks of a burst; 0 without it.').exactOptional(),
      })
      .describe('Bursts: several chunks at once, then silence, as a proxy sends that buffers.'),
    z
      .strictObject({
        natural: duration('The median of the times.'),
        spread: z.number().min(0).max(3).describe('Of the log-normal distribution; 0.4 without it.').exactOptional(),
        together: share.describe('Share of the chunks that come with the one before; 0.05 without it.').exactOptional(),
      })
      .describe('Natural: the uneven times of a token stream.'),
  ])
  .meta({ id: 'pace' })
  .describe('When chunks go: the time before each of them.');

const gap = duration('The time between the pieces of one send; without it each piece is paced on its own.');
const size = (what: string) => z.number().int().min(1).max(1_048_576).describe(what);

const chunkWords = ['whole', 'bytes', 'characters', 'words', 'lines', 'records', 'against-the-grain'] as const;
export const grains = ['utf8', 'crlf', 'json'] as const;

const chunks = z
  .union([
    z
      .enum(chunkWords)
      .describe('whole: each send is one chunk. bytes, characters, words, lines, records: one of them a chunk.'),
    z.strictObject({ bytes: size('Bytes in a chunk.'), gap: gap.exactOptional() }),
    z.strictObject({ characters: size('Characters in a chunk.'), gap: gap.exactOptional() }),
    z.strictObject({ words: size('Words in a chunk.'), gap: gap.exactOptional() }),
    z.strictObject({ lines: size('Lines in a chunk.'), gap: gap.exactOptional() }),
    z.strictObject({
      records: size('Records in a chunk: what a blank line ends, or a line.'),
      gap: gap.exactOptional(),
    }),
    z
      .strictObject({
        against: z
          .array(z.enum(grains))
          .min(1)
          .max(grains.length)
          .describe('utf8: inside characters. crlf: inside line ends and blank lines. json: inside JSON strings.'),
        gap: gap.exactOptional(),
      })
      .describe('Against the grain: chunk borders where a careless reader breaks.'),
  ])
  .meta({ id: 'chunks' })
  .describe('How what is sent is cut into chunks.');

const id = z.union([z.string().max(1_024), z.number()]);
const lineText = z.string().max(scenarioLimits.sendBytes);

const sse = z
  .strictObject({
    event: z.string().max(1_024).describe('The name of the event.').exactOptional(),
    id: id.describe('Its id, from which a client resumes.').exactOptional(),
    data: z.json().describe('Text, line by line, or a JSON value that is written in one line.').exactOptional(),
    retry: id.describe('Milliseconds that a client waits before it comes back.').exactOptional(),
    comment: lineText.describe('A comment line before it; alone: a heartbeat.').exactOptional(),
    lineEnd: z.enum(['lf', 'crlf', 'cr']).describe('How its lines end; lf without it.').exactOptional(),
  })
  .meta({ id: 'sse' })
  .describe('One Server-Sent Event.');

const text = lineText.describe('Text, as UTF-8.');
const textual = [
  text,
  z.strictObject({ text }),
  z.strictObject({ json: z.json().describe('A JSON value in one line, with nothing behind it.') }),
  z.strictObject({ sse }),
  z.strictObject({ ndjson: z.json().describe('A record: a JSON value in one line, and a line feed.') }),
] as const;

const content = z.union([...textual, z.strictObject({ base64: lineText.describe('Any bytes, in base64.') })]);
const templated = z.union(textual);

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~\w-]{1,256}$/, 'a header name');
const headerText = z
  .string()
  .max(8_192)
  .regex(/^[^\0\r\n]*$/, 'text without line ends');
const headers = z.record(
  headerName,
  z.union([headerText, z.number(), z.array(headerText).max(64).describe('The header several times.')]),
);

const bodyForms = ['chunked', 'length', 'close'] as const;
const codings = ['gzip', 'deflate', 'br'] as const;

const head = z
  .strictObject({
    status: z.number().int().min(200).max(599).describe('200 without it.').exactOptional(),
    headers: headers
      .describe(
        'Exactly these, in this order. Without them Content-Type follows from what is sent, and caching is off.',
      )
      .exactOptional(),
    body: z
      .enum(bodyForms)
      .describe('How the end of the body is told: chunked (default), by Content-Length, or by closing the connection.')
      .exactOptional(),
    length: z
      .number()
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .describe('What Content-Length says; without it what is sent is counted.')
      .exactOptional(),
    coding: z.enum(codings).describe('Content coding of the body.').exactOptional(),
    flush: z
      .boolean()
      .describe('Coded bytes leave with every send (default), or when the coder likes.')
      .exactOptional(),
    trailers: headers.describe('Header lines behind a chunked body.').exactOptional(),
  })
  .describe('The head of the answer. It comes first; waits before it delay it.');

const headStep = z.strictObject({ head });
const sendStep = z
  .strictObject({
    send: content.describe('What is sent, as it stands.'),
    pace: pace.exactOptional(),
    chunks: chunks.exactOptional(),
  })
  .describe('Sends text, JSON, an event, a record or bytes.');
const templateStep = z
  .strictObject({
    template: templated.describe('What is sent, with every {{…}} in it filled in.'),
    pace: pace.exactOptional(),
    chunks: chunks.exactOptional(),
  })
  .describe('Sends as send does, with counters, random values, times and the request in it.');
const waitStep = z.strictObject({ wait: duration('Silence.') }).describe('Sends nothing for a time.');
const faultStep = z
  .strictObject({
    fault: z
      .string()
      .min(1)
      .max(256)
      .describe(
        'What goes wrong, as in ?fault=: reset, stall:5000, reset@frame:5. Without a place it happens where the step stands.',
      ),
  })
  .describe('Something goes wrong: here, or at the place that it names.');
const endStep = z
  .union([z.literal('end'), z.strictObject({ end: z.union([z.null(), z.literal(true)]) })])
  .describe('The body ends here as it should; nothing behind it is sent.');

const repeatStep = z
  .strictObject({
    repeat: z
      .union([z.number().int().min(0).max(scenarioLimits.times), z.string().max(200)])
      .describe('How many times, "forever", or "{{n}}".'),
    from: z
      .union([z.number().int(), z.string().max(200)])
      .describe('The first value of its counter; 1 without it.')
      .exactOptional(),
    as: z
      .string()
      .regex(/^[A-Za-z_]\w{0,31}$/, 'a name of letters and digits')
      .describe('The name of its counter in templates; i without it.')
      .exactOptional(),
    pace: pace.exactOptional(),
    chunks: chunks.exactOptional(),
    get steps() {
      return z.array(scenarioStep).min(1).max(scenarioLimits.steps);
    },
  })
  .describe('Does its steps again and again.');

export const scenarioStep = z
  .union([sendStep, waitStep, templateStep, repeatStep, headStep, faultStep, endStep])
  .meta({ id: 'step' })
  .describe('One thing that the stream does: head, send, template, wait, repeat, fault or end.');

const knob = z
  .union([
    z.number().describe('The value without the knob in the query.'),
    z.string().max(4_000).describe('The value without the knob in the query.'),
    z.strictObject({
      default: z.union([z.number(), z.string().max(4_000)]).describe('The value without the knob in the query.'),
      min: z.number().describe('Of a number; 0 without it.').exactOptional(),
      max: z.number().describe('Of a number; 10,000,000 without it.').exactOptional(),
      choices: z.array(z.string().max(100)).min(1).max(64).describe('Of text: one of these.').exactOptional(),
      about: z.string().max(500).describe('A sentence for the list of endpoints.').exactOptional(),
    }),
  ])
  .describe('A value that a request may set in its query, and that templates know by its name.');

export const scenarioSchema = z
  .strictObject({
    title: z.string().max(200).describe('What it is, for lists.').exactOptional(),
    method: z.enum(['GET', 'POST']).describe('GET without it.').exactOptional(),
    path: z
      .string()
      .regex(/^\/[^\s?#]{0,500}$/, 'a path that begins with a slash')
      .describe('Where the mock server performs it, with places such as /users/{id}; /scenarios/<name> without it.')
      .exactOptional(),
    seed: z
      .number()
      .int()
      .min(0)
      .max(0xffff_ffff)
      .describe('The same seed gives the same bytes at the same times; 1 without it. ?seed= sets another.')
      .exactOptional(),
    clock: z
      .string()
      .max(64)
      .describe('When its own clock starts, as 2026-01-31T12:00:00Z: templates never tell the time of day.')
      .exactOptional(),
    knobs: z
      .record(z.string().regex(/^[A-Za-z_]\w{0,31}$/, 'a name of letters and digits'), knob)
      .describe('Values that a request may set in its query: ?n=500.')
      .exactOptional(),
    pace: pace.exactOptional(),
    chunks: chunks.exactOptional(),
    steps: z.array(scenarioStep).min(1).max(scenarioLimits.steps).describe('What the stream does, in order.'),
  })
  .describe('A scenario of the Streamscope mock server.');

export type ScenarioDocument = z.infer<typeof scenarioSchema>;
export type ScenarioStepDocument = z.infer<typeof scenarioStep>;
export type PaceDocument = z.infer<typeof pace>;
export type ChunksDocument = z.infer<typeof chunks>;
export type ContentDocument = z.infer<typeof content>;
export type HeadDocument = z.infer<typeof head>;
export type HeadersDocument = z.infer<typeof headers>;
export type KnobDocument = z.infer<typeof knob>;
