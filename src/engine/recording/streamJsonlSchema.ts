import { z } from 'zod';
import { endingKinds, framings, markNames, sources } from '../../shared/words.ts';

/** Shapes of the lines of `.stream.jsonl`. Unknown keys are dropped: a newer writer may have more to say. */

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const headerList = z.array(z.tuple([z.string(), z.string()]));

const part = z.object({
  name: z.string(),
  content: z.union([z.object({ text: z.string() }), z.object({ base64: z.string() }), z.object({ file: z.string() })]),
  fileName: z.string().exactOptional(),
  contentType: z.string().exactOptional(),
});

export const headerLine = z.object({
  format: z.literal('streamscope'),
  version: count,
  startedAt: z.string(),
  source: z.enum(sources),
  request: z
    .object({
      method: z.string(),
      url: z.string(),
      headers: headerList.exactOptional(),
      body: z
        .union([
          z.object({ text: z.string() }),
          z.object({ base64: z.string() }),
          z.object({ file: z.string() }),
          z.object({ parts: z.array(part) }),
        ])
        .exactOptional(),
      auth: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('none') }),
          z.object({ kind: z.literal('basic'), username: z.string(), password: z.string() }),
          z.object({ kind: z.literal('bearer'), token: z.string() }),
        ])
        .exactOptional(),
      options: z
        .object({
          followRedirects: z.boolean().exactOptional(),
          insecureTls: z.boolean().exactOptional(),
          compressed: z.boolean().exactOptional(),
          caPem: z.string().exactOptional(),
          connectTimeoutMillis: count.exactOptional(),
          headersTimeoutMillis: count.exactOptional(),
          maxTimeMillis: count.exactOptional(),
          maxBytes: count.exactOptional(),
          maxFrames: count.exactOptional(),
          httpVersion: z.enum(['auto', '1.1', '2']).exactOptional(),
          proxy: z
            .discriminatedUnion('kind', [
              z.object({ kind: z.literal('environment') }),
              z.object({ kind: z.literal('none') }),
              z.object({ kind: z.literal('url'), url: z.string(), noProxy: z.string().exactOptional() }),
            ])
            .exactOptional(),
          clientCertificate: z.object({ certificatePem: z.string(), keyPem: z.string() }).exactOptional(),
          unixSocketPath: z.string().exactOptional(),
          keepCookies: z.boolean().exactOptional(),
          reconnect: z
            .discriminatedUnion('kind', [
              z.object({ kind: z.literal('sse'), attempts: count, waitMillis: count.exactOptional() }),
              z.object({
                kind: z.literal('records'),
                attempts: count,
                waitMillis: count.exactOptional(),
                field: z.string(),
                into: z.enum(['query', 'header']),
                name: z.string(),
              }),
            ])
            .exactOptional(),
          cutAfterFrames: count.exactOptional(),
          leftOutHeaders: z
            .array(z.enum(['accept', 'accept-encoding', 'user-agent']))
            .readonly()
            .exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
  timesKnown: z.boolean().exactOptional(),
  bordersKnown: z.boolean().exactOptional(),
  choices: z
    .object({
      framing: z.enum(framings).exactOptional(),
      jsonPath: z.string().max(1_024).exactOptional(),
      dialect: z.string().max(1_024).exactOptional(),
      contentType: z.string().max(1_024).exactOptional(),
      frameLimitOffsets: z.array(count).readonly().exactOptional(),
    })
    .exactOptional(),
  redactions: z.array(z.object({ kind: z.string(), count })).exactOptional(),
});
export type HeaderLine = z.infer<typeof headerLine>;

const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  altNames: z.string().exactOptional(),
  fingerprint256: z.string(),
});

export const markEvent = z.object({
  name: z.enum(markNames),
  remote: z.string().exactOptional(),
  local: z.string().exactOptional(),
  alpn: z.string().exactOptional(),
  tlsVersion: z.string().exactOptional(),
  cipher: z.string().exactOptional(),
  certificates: z.array(certificate).exactOptional(),
  addresses: z.array(z.string()).exactOptional(),
  status: count.exactOptional(),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  reason: z.string().exactOptional(),
  proxy: z.string().exactOptional(),
  unixSocketPath: z.string().exactOptional(),
  headers: headerList.exactOptional(),
});

export const headEvent = z.object({
  status: z.number().int().min(0).max(999),
  statusText: z.string().exactOptional(),
  httpVersion: z.string().max(16),
  headers: headerList,
});

const ending = z.object({
  kind: z.enum(endingKinds),
  code: z.string().max(100),
  message: z.string().max(10_000),
  offset: count.nullable(),
  atMicros: count,
});

export const reconnectingEvent = z.object({
  after: ending,
  waitMicros: count,
  atMicros: count.nullable(),
  resumedFrom: z.string().nullable(),
  head: headEvent.extend({ statusText: z.string(), atMicros: count }).nullable(),
});

export const findingEvent = z.object({
  code: z.string().max(100),
  details: z.record(z.string().max(100), z.union([z.string().max(10_000), z.number()])),
});

export const headersEvent = z.object({ headers: headerList });
export const chunkEvent = z.string();
/** The fourth element of a chunk's line. */
export const chunkBorder = z.object({ continues: z.boolean().exactOptional() });
export const noteEvent = z.object({ text: z.string() });

export const endEvent = z.object({
  kind: z.enum(endingKinds),
  code: z.string().max(100),
  message: z.string().max(10_000).exactOptional(),
  offset: count.nullable().exactOptional(),
  bytes: count.exactOptional(),
  chunks: count.exactOptional(),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .exactOptional(),
});
