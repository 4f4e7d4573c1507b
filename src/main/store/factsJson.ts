import { z } from 'zod';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import { usualHeaders, type RequestBody, type RequestSpec } from '../../shared/request.ts';
import { endingKinds, framings, markNames, sources } from '../../shared/words.ts';
import { DamagedFileError } from './storeFailure.ts';

const headers = z.array(z.tuple([z.string(), z.string()]));
const micros = z.number();
const optionalText = z.string().exactOptional();

const storedBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('bytes'), base64: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({
    kind: z.literal('multipart'),
    parts: z.array(
      z.object({
        name: z.string(),
        content: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('text'), text: z.string() }),
          z.object({ kind: z.literal('bytes'), base64: z.string() }),
          z.object({ kind: z.literal('file'), path: z.string() }),
        ]),
        fileName: optionalText,
        contentType: optionalText,
      }),
    ),
  }),
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
    httpVersion: z.enum(['auto', '1.1', '2']).exactOptional(),
    proxy: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('environment') }),
        z.object({ kind: z.literal('none') }),
        z.object({ kind: z.literal('url'), url: z.string(), noProxy: optionalText }),
      ])
      .exactOptional(),
    clientCertificate: z.object({ certificatePem: z.string(), keyPem: z.string() }).exactOptional(),
    unixSocketPath: optionalText,
    keepCookies: z.boolean().exactOptional(),
    reconnect: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('sse'), attempts: z.number(), waitMillis: z.number().exactOptional() }),
        z.object({
          kind: z.literal('records'),
          attempts: z.number(),
          waitMillis: z.number().exactOptional(),
          field: z.string(),
          into: z.enum(['query', 'header']),
          name: z.string(),
        }),
      ])
      .exactOptional(),
    cutAfterFrames: z.number().exactOptional(),
    leftOutHeaders: z.array(z.enum(usualHeaders)).exactOptional(),
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
  proxy: optionalText,
  unixSocketPath: optionalText,
  headers: headers.exactOptional(),
});

const head = z.object({
  status: z.number(),
  statusText: z.string(),
  httpVersion: z.string(),
  headers,
  atMicros: micros,
});

const ending = z.object({
  kind: z.enum(endingKinds),
  code: z.string(),
  message: z.string(),
  offset: z.number().nullable(),
  atMicros: micros,
});

const storedFacts = z.object({
  id: z.string(),
  source: z.enum(sources),
  recordedSource: z.enum(sources).exactOptional(),
  startedAt: z.number(),
  request: request.nullable(),
  sentHeaders: headers,
  marks: z.array(z.object({ name: z.enum(markNames), atMicros: micros, facts: markFacts.exactOptional() })),
  head: head.nullable(),
  reconnections: z
    .array(
      z.object({
        after: ending,
        waitMicros: micros,
        atMicros: micros.nullable(),
        resumedFrom: z.string().nullable(),
        firstChunk: z.number(),
        wireOffset: z.number(),
        head: head.nullable(),
      }),
    )
    .exactOptional(),
  frameLimitOffsets: z.array(z.number()).exactOptional(),
  transportFindings: z
    .array(z.object({ code: z.string(), details: z.record(z.string(), z.union([z.string(), z.number()])) }))
    .exactOptional(),
  trailers: headers,
  ending: ending.nullable(),
  timesKnown: z.boolean(),
  bordersKnown: z.literal(false).exactOptional(),
  framingOverride: z.enum(framings).nullable(),
  jsonPathOverride: optionalText,
  dialectOverride: optionalText,
  runSet: z.object({ id: z.string(), n: z.int().min(0) }).exactOptional(),
  proxied: z
    .object({
      route: z.string().nullable(),
      client: z.object({
        address: z.string(),
        port: z.number(),
        userAgent: z.string().nullable(),
        process: z.object({ id: z.number(), name: z.string() }).nullable(),
      }),
      interventions: z.array(z.string()),
      requestShortened: z.object({ keptBytes: z.number(), bytes: z.number() }).exactOptional(),
    })
    .exactOptional(),
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
  model: z.string().nullable().default(null),
  client: optionalText,
  route: optionalText,
});

/** Facts as a recording keeps them, but for the request's body: facts change often, and a body may be long. */
export function factsToJson(facts: ExchangeFacts): string {
  return JSON.stringify({ ...facts, request: facts.request === null ? null : withoutBodyAndKey(facts.request) });
}

/** The key of a client certificate and the cookies of a file are used and never kept. */
function withoutBodyAndKey(request: RequestSpec): object {
  const { body: _body, options, ...kept } = request;
  const { clientCertificate, cookieFileText: _cookies, ...others } = options;
  if (clientCertificate === undefined) return { ...kept, options: others };
  const { certificatePem } = clientCertificate;
  return { ...kept, options: { ...others, clientCertificate: { certificatePem, keyPem: '' } } };
}

/** A request's body as a recording keeps it; bytes in base64. */
export function requestBodyToJson(body: RequestBody): string {
  if (body.kind === 'bytes') return JSON.stringify({ kind: 'bytes', base64: base64Of(body.bytes) });
  if (body.kind !== 'multipart') return JSON.stringify(body);
  const parts = body.parts.map(({ content, ...part }) => ({
    ...part,
    content: content.kind === 'bytes' ? { kind: 'bytes', base64: base64Of(content.bytes) } : content,
  }));
  return JSON.stringify({ kind: 'multipart', parts });
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
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
  if (body.kind === 'bytes') return { kind: 'bytes', bytes: bytesOf(body.base64) };
  if (body.kind !== 'multipart') return body;
  return {
    kind: 'multipart',
    parts: body.parts.map(({ content, ...part }) => ({
      ...part,
      content: content.kind === 'bytes' ? { kind: 'bytes', bytes: bytesOf(content.base64) } : content,
    })),
  };
}

/** The user's words and the size are kept elsewhere: a recording says of itself what can be derived from it. */
export function summaryToJson(summary: RecordingSummary): string {
  const { tags: _tags, starred: _starred, note: _note, sizeOnDisk: _size, ...own } = summary;
  return JSON.stringify(own);
}

/** @throws DamagedFileError when the text is not a library line */
export function summaryFromJson(text: string): RecordingSummary {
  const own = validated(storedSummary, text, 'line for the library');
  return { ...own, tags: [], starred: false, note: null, sizeOnDisk: null };
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
