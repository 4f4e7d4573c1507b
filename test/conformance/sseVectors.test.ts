import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeFrame } from '../../src/engine/framing/describe.ts';
import { frameFlag } from '../../src/shared/words.ts';
import { byteByByte, collect, split } from '../unit/engine/framing/collect.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

const vectorSchema = z.object({
  source: z.string(),
  name: z.string(),
  input_b64: z.string(),
  chunks_b64: z.array(z.string()).optional(),
  expected_events: z.array(z.object({ type: z.string(), data: z.string(), lastEventId: z.string() })),
  expected_retry_ms: z.number().nullish(),
  expected_comments: z.array(z.string()).nullish(),
});

const vectors = hasConformanceData
  ? z.array(vectorSchema).parse(JSON.parse(readFileSync(conformancePath('sse-vectors.json'), 'utf8')))
  : [];

/** What an EventSource would have handed to the application, read off our frames. */
function dispatched(pieces: readonly Uint8Array[]) {
  const body = Buffer.concat(pieces);
  const events: { type: string; data: string; lastEventId: string }[] = [];
  const comments: string[] = [];
  let retryMs: number | undefined;
  let lastEventId = '';
  for (const frame of collect('sse', pieces).frames) {
    const bytes = body.subarray(frame.offset, frame.offset + frame.length);
    const { fields } = describeFrame('sse', frame.kind, bytes);
    retryMs = fields.retryMs ?? retryMs;
    comments.push(...(fields.comments ?? []));
    if (frame.kind === 'incomplete' || frame.kind === 'invalid') continue;
    if (fields.id !== undefined) lastEventId = fields.id;
    expect((frame.flags & frameFlag.hasId) !== 0).toBe(fields.id !== undefined);
    expect(frame.type).toBe(fields.event ?? '');
    if ((frame.flags & frameFlag.dispatched) === 0) continue;
    events.push({ type: fields.event ?? 'message', data: fields.data ?? '(none)', lastEventId });
  }
  return { events, comments, retryMs };
}

describe.skipIf(!hasConformanceData)(`Server-Sent Events vectors (skipped where ${whySkipped})`, () => {
  it('has all of them', () => {
    expect(vectors).toHaveLength(109);
  });

  it.each(vectors.map((vector, n) => ({ title: `${String(n)} ${vector.source}: ${vector.name}`, vector })))(
    '$title',
    ({ vector }) => {
      const body = Buffer.from(vector.input_b64, 'base64');
      const given = (vector.chunks_b64 ?? []).map((chunk) => Buffer.from(chunk, 'base64'));
      const seeded = fc.sample(fc.array(fc.nat(body.length), { maxLength: 12 }), { seed: 109, numRuns: 20 });
      const feedings: (readonly Uint8Array[])[] = [
        [body],
        byteByByte(body),
        ...seeded.map((cuts) => split(body, cuts)),
      ];
      if (given.length > 0) feedings.push(given);
      for (const pieces of feedings) {
        const { events, comments, retryMs } = dispatched(pieces);
        expect(events).toEqual(vector.expected_events);
        if (typeof vector.expected_retry_ms === 'number') expect(retryMs).toBe(vector.expected_retry_ms);
        if (vector.expected_comments) expect(comments).toEqual(vector.expected_comments);
      }
    },
  );
});
