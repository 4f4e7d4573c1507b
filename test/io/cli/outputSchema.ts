import { z } from 'zod';
import { endingKinds, frameKinds, framings, severities } from '../../../src/shared/words.ts';

/** The output of the command line as `cli.md` promises it: every key, and no other. */

const count = z.number().int().nonnegative();
const micros = count.nullable();
const header = z.record(z.string(), z.string());

export const frameLineSchema = z.strictObject({
  target: z.string().exactOptional(),
  n: z.number().int().positive(),
  kind: z.enum(frameKinds),
  offset: count,
  length: count,
  tUs: count.exactOptional(),
  chunk: z.number().int().positive(),
  event: z.string().exactOptional(),
  id: z.string().exactOptional(),
  data: z.string().exactOptional(),
  headers: header.exactOptional(),
  partHeaders: header.exactOptional(),
  dispatched: z.boolean().exactOptional(),
  retryMs: count.exactOptional(),
  json: z.enum(['valid', 'invalid', 'none']),
  diagnostics: z.array(z.string()).nonempty().exactOptional(),
  deltas: z.array(z.looseObject({ type: z.string() })).exactOptional(),
});

const ending = z.strictObject({
  kind: z.enum(endingKinds),
  code: z.string().startsWith('end/'),
  message: z.string().min(1),
  offset: count.nullable(),
});

const toolCall = { id: z.string().nullable(), name: z.string().nullable(), arguments: z.string() };
const answer = {
  text: z.string(),
  reasoning: z.string(),
  refusal: z.string().nullable(),
  toolCalls: z.array(z.strictObject(toolCall)),
  finishReason: z.string().nullable(),
};

export const summaryLineSchema = z.strictObject({
  target: z.string(),
  status: count.nullable(),
  httpVersion: z.string().nullable(),
  contentType: z.string().nullable(),
  framing: z.enum(framings).nullable(),
  dialect: z.string().nullable(),
  ending,
  bytes: z.strictObject({ wire: count, body: count }),
  chunks: count,
  frames: count,
  frameKinds: z.partialRecord(z.enum(frameKinds), z.number().int().positive()),
  diagnostics: z.array(
    z.strictObject({
      code: z.string().regex(/^[a-z0-9-]+\/[a-z0-9.-]+$/),
      severity: z.enum(severities),
      message: z.string().min(1),
      frame: z.number().int().positive().nullable(),
      offset: count.nullable(),
      length: count.nullable(),
    }),
  ),
  timing: z
    .strictObject({
      headersUs: micros,
      firstByteUs: micros,
      firstFrameUs: micros,
      ttftUs: micros,
      ttfoUs: micros,
      lastContentUs: micros,
      endUs: micros,
      gapUs: z.strictObject({ count, p50: micros, p90: micros, p99: micros, max: micros }),
      stalls: count,
      uncertaintyUs: micros,
    })
    .nullable(),
  ai: z
    .strictObject({
      id: z.string().nullable(),
      model: z.string().nullable(),
      ...answer,
      serverTools: z.array(z.strictObject({ ...toolCall, type: z.string(), status: z.string().nullable() })),
      usage: z
        .strictObject({
          input: z.number().nullable(),
          output: z.number().nullable(),
          reasoning: z.number().nullable(),
          raw: z.unknown(),
        })
        .nullable(),
      errors: z.array(z.strictObject({ code: z.string().nullable(), message: z.string() })),
      terminated: z.boolean(),
      choices: count,
      others: z.array(z.strictObject({ index: count, ...answer })),
      tokens: z
        .strictObject({
          count,
          source: z.enum(['usage', 'estimated']),
          itlUs: micros,
          decodePerSecond: z.number().positive().nullable(),
          endToEndPerSecond: z.number().positive().nullable(),
        })
        .nullable(),
    })
    .nullable(),
  connections: z
    .array(
      z.strictObject({
        status: count.nullable(),
        resumedFrom: z.string().nullable(),
        waitUs: micros,
        bytes: count,
        chunks: count,
        ending,
      }),
    )
    .min(2)
    .exactOptional(),
  progress: z.strictObject({ unit: z.string(), done: z.number(), total: z.number(), source: z.string() }).nullable(),
});

/** Keys as `cli.md` orders them. */
export const summaryKeys: readonly string[] = Object.keys(summaryLineSchema.shape);
export const frameKeys: readonly string[] = Object.keys(frameLineSchema.shape);
