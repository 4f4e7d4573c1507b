import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ruleOf } from '../../src/engine/diagnostics/catalogue.ts';
import { createDetector } from '../../src/engine/framing/detect.ts';
import { frameFlag } from '../../src/shared/words.ts';
import { codes, collect, split, type Collected, type CollectedFrame } from '../unit/engine/framing/collect.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

const metaSchema = z.object({
  file: z.string(),
  content_type: z.string(),
  ambiguous: z.boolean().optional(),
  framing: z
    .object({
      events: z.number(),
      frames: z.number(),
      comments: z.number(),
      unterminated_final_event: z.boolean(),
      done_sentinel: z.boolean(),
      plain_json_body: z.boolean(),
    })
    .partial()
    .optional(),
});

interface RecordedStream {
  readonly name: string;
  readonly meta: z.infer<typeof metaSchema>;
  readonly body: Buffer;
}

const streams: readonly RecordedStream[] = hasConformanceData
  ? readdirSync(conformancePath('streams'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.meta.json'))
      .sort()
      .map((name) => {
        const meta = metaSchema.parse(JSON.parse(readFileSync(conformancePath(`streams/${name}`), 'utf8')));
        const folder = name.slice(0, name.lastIndexOf('/') + 1);
        return { name, meta, body: readFileSync(conformancePath(`streams/${folder}${meta.file}`)) };
      })
  : [];

/** Detection and framing together, as the window does it. */
function analyse({ meta, body }: RecordedStream) {
  const detector = createDetector({ contentType: meta.content_type, url: null });
  const detection = detector.push(body) ?? detector.end();
  const options = detection.shape === undefined ? {} : { shape: detection.shape };
  const collected = collect(detection.framing, [body], options);
  return { detection, options, collected };
}

function countOf(collected: Collected, kind: string): number {
  return collected.frames.filter((frame) => frame.kind === kind).length;
}

describe.skipIf(!hasConformanceData)(`recorded streams (skipped where ${whySkipped})`, () => {
  it('has all of them', () => {
    expect(streams).toHaveLength(206);
  });

  for (const stream of streams) {
    const { name, meta, body } = stream;
    it(name, () => {
      const { detection, options, collected } = analyse(stream);
      const isPlainJson = meta.framing?.plain_json_body === true;
      const isAws = meta.content_type.startsWith('application/vnd.amazon.eventstream');
      const isSse = meta.content_type.startsWith('text/event-stream') && !isPlainJson;
      if (isSse) expect(detection.framing).toBe('sse');
      if (isPlainJson)
        expect(detection).toMatchObject({ framing: 'json', mismatch: { declared: 'text/event-stream' } });
      else expect(detection.mismatch).toBeUndefined();
      const errors = codes(collected).filter((code) => ruleOf(code).severity === 'error');
      expect(errors).toEqual(name.endsWith('--cut-mid-array.meta.json') ? ['json/truncated'] : []);
      if (isSse && meta.framing?.events !== undefined) {
        const isDispatched = ({ flags }: CollectedFrame) => (flags & frameFlag.dispatched) !== 0;
        const isDone = ({ kind, text }: CollectedFrame) => kind === 'terminator' || text.trim() === 'data: [DONE]';
        expect(collected.frames.filter(isDispatched)).toHaveLength(meta.framing.events);
        expect(countOf(collected, 'comment')).toBe(meta.framing.comments);
        expect(countOf(collected, 'incomplete') > 0).toBe(meta.framing.unterminated_final_event === true);
        expect(collected.frames.some(isDone)).toBe(meta.framing.done_sentinel === true);
      }
      if (isAws) {
        expect(detection.framing).toBe('aws-eventstream');
        expect(countOf(collected, 'message')).toBe(meta.framing?.frames);
        expect(collected.frames).toHaveLength(meta.framing?.frames ?? 0);
        expect(collected.frames.filter(({ type }) => type === '')).toEqual([]);
      }
      const [cuts] = fc.sample(fc.array(fc.nat(body.length), { maxLength: 60 }), { seed: 206, numRuns: 1 });
      expect(collect(detection.framing, split(body, cuts ?? []), options).calls).toEqual(collected.calls);
    });
  }
});
