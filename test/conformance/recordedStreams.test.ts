import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ruleOf } from '../../src/engine/diagnostics/catalogue.ts';
import { createDetector } from '../../src/engine/framing/detect.ts';
import { frameFlag, type Framing } from '../../src/shared/words.ts';
import {
  byteByByte,
  codes,
  collect,
  split,
  type Collected,
  type CollectedFrame,
} from '../unit/engine/framing/collect.ts';
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

/** Streams that are taken for another framing when nothing is declared, each with its reason. */
const framingWithoutType: Readonly<Record<string, Framing>> = {
  // One line with one object, which is what a plain JSON answer looks like.
  'ollama/prism--stream-with-tools-3.meta.json': 'json',
};

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

  it('are all recognised without their content type and URL', () => {
    for (const stream of streams) {
      const { detection } = analyse(stream);
      const wanted = framingWithoutType[stream.name] ?? detection.framing;
      for (const contentType of [null, 'text/plain', 'application/octet-stream', 'text/html; charset=utf-8']) {
        for (const pieces of [[stream.body], byteByByte(stream.body.subarray(0, 4_200))]) {
          const hidden = createDetector({ contentType, url: null });
          const decided = pieces.map((piece) => hidden.push(piece)).find((answer) => answer !== undefined);
          const { framing } = decided ?? hidden.end();
          expect([stream.name, contentType, framing]).toEqual([stream.name, contentType, wanted]);
        }
      }
    }
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
