import { z } from 'zod';
import type { FromEngine, ToEngine } from './envelope.ts';
import { eventNames } from './events.ts';
import { failureCodes } from './failure.ts';

const callId = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const event = z.enum(eventNames);

export const seenSchema = z.object({ type: z.literal('seen'), count: z.number().int().min(1).max(1_000_000) });

/** Form of what a window sends. A call's name and input are judged by `serveSession`, which can answer. */
export const toEngineSchema: z.ZodType<ToEngine> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: callId, name: z.string().max(64), input: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: callId }),
  z.object({ type: z.literal('subscribe'), event }),
  z.object({ type: z.literal('unsubscribe'), event }),
  seenSchema,
]);

export const failureSchema = z.object({
  code: z.enum(failureCodes),
  message: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  retry: z.boolean().exactOptional(),
});

const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id: callId, value: z.unknown() }),
  z.object({ type: z.literal('failure'), id: callId, failure: failureSchema }),
  z.object({ type: z.literal('event'), event, payload: z.looseObject({}) }),
]);

/**
 * Reads what a transport delivered. Checks the envelope only: results and payloads are taken at their declared types,
 * since both ends are of one build.
 * @returns undefined for what is no message of the contract
 */
export function readFromEngine(message: unknown): FromEngine | undefined {
  const parsed = fromEngineSchema.safeParse(message);
  return parsed.success ? (parsed.data as FromEngine) : undefined;
}
