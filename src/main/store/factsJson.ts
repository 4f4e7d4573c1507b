import { z } from 'zod';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { RequestBody } from '../../shared/request.ts';
import { endingKinds, framings, markNames, sources } from '../../shared/words.ts';
import { DamagedFileError } from './storeFailure.ts';

const headers = z.array(z.tuple([z.string(), z.string()]));
const micros = z.number();
const optionalText = z.string().exactOptional();

const storedBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('bytes'), base64: z.string() }),
]);

const request = z.object({
  method: z.string(),
  url: z.string(),
  headers,
  auth: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
    z.object({ kind: z.literal('bearer'), token: z.string() }),
  ]),
  options: z.object({
    followRedirects: z.boolean(),
    insecureTls: z.boolean(),
    compressed: z.boolean(),
    caPem: optionalText,
    connectTimeoutMillis: z.number(),
    headersTimeoutMillis: z.number().exactOptional(),
    maxTimeMillis: z.number().exactOptional(),
    maxBytes: z.number().exactOptional(),
    maxFrames: z.number().exactOptional(),
  }),
});

const markFacts = z.object({
  remote: optionalText,
  local: optionalText,
  alpn: optionalText,
  tlsVersion: optionalText,
  cipher: optionalText,
  certificates: z
    .array(
      z.object({
        subject: z.string(),
        issuer: z.string(),
        validFrom: z.string(),
        validTo: z.string(),
        altNames: optionalText,
        fingerprint256: z.string(),
      }),
    )
    .exactOptional(),
  addresses: z.array(z.string()).exactOptional(),
  status: z.number().exactOptional(),
  from: optionalText,
  to: optionalText,
  reason: optionalText,
});

const storedFacts = z.object({
  id: z.string(),
  source: z.enum(sources),
  startedAt: z.number(),
  request: request.nullable(),
  sentHeaders: headers,
  marks: z.array(z.object({ name: z.enum(markNames), atMicros: micros, facts: markFacts.exactOptional() })),
  head: z
    .object({ status: z.number(), statusText: z.string(), httpVersion: z.string(), headers, atMicros: micros })
    .nullable(),
  trailers: headers,
  ending: z
    .object({
      kind: z.enum(endingKinds),
      code: z.string(),
      message: z.string(),
      offset: z.number().nullable(),
      atMicros: micros,
    })
    .nullable(),
  timesKnown: z.boolean(),
  framingOverride: z.enum(framings).nullable(),
  importedFrom: optionalText,
  importedContentType: optionalText,
  uncertaintyMicros: micros.nullable(),
});

const storedSummary = z.object({
  id: z.string(),
  state: z.enum(['live', 'ended', 'interrupted']),
  source: z.enum(sources),
  startedAt: z.number(),
  method: z.string(),
  url: z.string(),
  name: z.string(),
  status: z.number().nullable(),
  framing: z.enum(framings).nullable(),
  dialect: z.string().nullable(),
  httpVersion: z.string().nullable(),
  endingKind: z.enum(endingKinds).nullable(),
  durationMicros: micros.nullable(),
  counts: z.object({
    chunks: z.number(),
    frames: z.number(),
    wireBytes: z.number(),
    bodyBytes: z.number(),
    diagnostics: z.object({ error: z.number(), warning: z.number(), info: z.number() }),
    stalls: z.number(),
    heartbeats: z.number(),
  }),
  sample: z.boolean(),
});

/** Facts as a recording keeps them, but for the request's body: facts change often, and a body may be long. */
export function factsToJson(facts: ExchangeFacts): string {
  return JSON.stringify({ ...facts, request: facts.request === null ? null : { ...facts.request, body: undefined } });
}

/** A request's body as a recording keeps it; bytes in base64. */
export function requestBodyToJson(body: RequestBody): string {
  if (body.kind !== 'bytes') return JSON.stringify(body);
  return JSON.stringify({ kind: 'bytes', base64: Buffer.from(body.bytes).toString('base64') });
}

/**
 * @param requestBody what `requestBodyToJson` made; undefined where none is kept
 * @throws DamagedFileError when a text is not what it should be
 */
export function factsFromJson(text: string, requestBody: string | undefined): ExchangeFacts {
  const facts = validated(storedFacts, text, 'facts of the exchange');
  if (facts.request === null) return { ...facts, request: null };
  const body = requestBody === undefined ? ({ kind: 'none' } as const) : requestBodyFromJson(requestBody);
  return { ...facts, request: { ...facts.request, body } };
}

function requestBodyFromJson(text: string): RequestBody {
  const body = validated(storedBody, text, 'body of the request');
  return body.kind === 'bytes' ? { kind: 'bytes', bytes: new Uint8Array(Buffer.from(body.base64, 'base64')) } : body;
}

export function summaryToJson(summary: RecordingSummary): string {
  return JSON.stringify(summary);
}

/** @throws DamagedFileError when the text is not a library line */
export function summaryFromJson(text: string): RecordingSummary {
  return validated(storedSummary, text, 'line for the library');
}

function validated<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DamagedFileError(`its ${what} cannot be read`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new DamagedFileError(`its ${what} do not hold together${at === '' ? '' : ` at ${at}`}`);
  }
  return parsed.data;
}
