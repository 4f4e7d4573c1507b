import { z } from 'zod';
import { endingKinds, markNames, sources } from '../../shared/words.ts';

/** Shapes of the lines of `.stream.jsonl`. Unknown keys are dropped: a newer writer may have more to say. */

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const headerList = z.array(z.tuple([z.string(), z.string()]));

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
      body: z.union([z.object({ text: z.string() }), z.object({ base64: z.string() })]).exactOptional(),
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
        })
        .exactOptional(),
    })
    .exactOptional(),
  timesKnown: z.boolean().exactOptional(),
  bordersKnown: z.boolean().exactOptional(),
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
