import { z } from 'zod';
import { usualHeaders } from './request.ts';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const headerList = z
  .array(z.tuple([z.string().max(65_536), z.string().max(1_048_576)]).readonly())
  .max(2_000)
  .readonly();

const bytesValue = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'bytes');
/** Form only: a session of a window is refused one by its handler. */
const fileBody = z.object({ kind: z.literal('file'), path: z.string().max(4_096) });
const attempts = z.number().int().min(1).max(1_000_000);
const waitMillis = z.number().int().min(0).max(86_400_000);

/** Form only: what a URL, method or header may hold is judged by the engine, which then says so in a sentence. */
export const requestSpecSchema = z.object({
  method: z.string().max(64),
  url: z.string().max(1_048_576),
  headers: headerList,
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('text'), text: z.string().max(268_435_456) }),
    z.object({
      kind: z.literal('bytes'),
      bytes: bytesValue,
    }),
    fileBody,
    z.object({
      kind: z.literal('multipart'),
      parts: z
        .array(
          z.object({
            name: z.string().max(65_536),
            content: z.discriminatedUnion('kind', [
              z.object({ kind: z.literal('text'), text: z.string().max(268_435_456) }),
              z.object({ kind: z.literal('bytes'), bytes: bytesValue }),
              fileBody,
            ]),
            fileName: z.string().max(4_096).exactOptional(),
            contentType: z.string().max(1_024).exactOptional(),
          }),
        )
        .max(1_000)
        .readonly(),
    }),
  ]),
  auth: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('basic'), username: z.string().max(65_536), password: z.string().max(65_536) }),
    z.object({ kind: z.literal('bearer'), token: z.string().max(1_048_576) }),
  ]),
  options: z.object({
    followRedirects: z.boolean(),
    insecureTls: z.boolean(),
    compressed: z.boolean(),
    caPem: z.string().max(10_485_760).exactOptional(),
    connectTimeoutMillis: z.number().int().min(1).max(86_400_000),
    headersTimeoutMillis: z.number().int().min(1).max(86_400_000).exactOptional(),
    maxTimeMillis: z.number().int().min(1).max(2_147_483_647).exactOptional(),
    maxBytes: count.exactOptional(),
    maxFrames: count.exactOptional(),
    httpVersion: z.enum(['auto', '1.1', '2']).exactOptional(),
    proxy: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('environment') }),
        z.object({ kind: z.literal('none') }),
        z.object({
          kind: z.literal('url'),
          url: z.string().max(65_536),
          noProxy: z.string().max(65_536).exactOptional(),
        }),
      ])
      .exactOptional(),
    clientCertificate: z
      .object({
        certificatePem: z.string().max(1_048_576),
        keyPem: z.string().max(1_048_576),
        passphrase: z.string().max(65_536).exactOptional(),
      })
      .exactOptional(),
    unixSocketPath: z.string().max(4_096).exactOptional(),
    keepCookies: z.boolean().exactOptional(),
    cookieFileText: z.string().max(1_048_576).exactOptional(),
    leftOutHeaders: z.array(z.enum(usualHeaders)).max(usualHeaders.length).readonly().exactOptional(),
    reconnect: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('sse'), attempts, waitMillis: waitMillis.exactOptional() }),
        z.object({
          kind: z.literal('records'),
          attempts,
          waitMillis: waitMillis.exactOptional(),
          field: z.string().min(1).max(1_024),
          into: z.enum(['query', 'header']),
          name: z.string().min(1).max(1_024),
        }),
      ])
      .exactOptional(),
    cutAfterFrames: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).exactOptional(),
  }),
});
