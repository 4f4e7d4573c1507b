import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeFrame } from '../../src/engine/framing/describe.ts';
import { byteByByte, codes, collect, seededCuts, split } from '../unit/engine/framing/collect.ts';
import { conformancePath, hasConformanceData, whySkipped } from './conformanceData.ts';

const messageSchema = z.object({
  total_length: z.number(),
  headers: z.array(
    z.object({ name: z.string(), type: z.number(), value: z.union([z.string(), z.number(), z.boolean()]) }),
  ),
  payload: z.base64(),
});

/** What the vectors call a damage, and what we call it. */
const codeOfFault: Readonly<Record<string, string>> = {
  'Prelude checksum mismatch': 'aws/bad-prelude-crc',
  'Message checksum mismatch': 'aws/bad-message-crc',
};

function namesOf(kind: 'positive' | 'negative'): readonly string[] {
  return hasConformanceData ? readdirSync(conformancePath(`aws-eventstream/encoded/${kind}`)).sort() : [];
}

const encoded = (kind: string, name: string) =>
  readFileSync(conformancePath(`aws-eventstream/encoded/${kind}/${name}`));
const decoded = (kind: string, name: string) =>
  readFileSync(conformancePath(`aws-eventstream/decoded/${kind}/${name}`), 'utf8').trim();

/** A value of the vectors as we write it: strings, bytes and UUIDs are base64 there. */
function asText(type: number, value: string | number | boolean): string {
  if (typeof value !== 'string') return type === 8 ? new Date(Number(value)).toISOString() : String(value);
  const bytes = Buffer.from(value, 'base64');
  if (type === 7) return bytes.toString();
  return type === 9 ? bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : value;
}

describe.skipIf(!hasConformanceData)(`AWS event-stream vectors (skipped where ${whySkipped})`, () => {
  const positive = namesOf('positive');
  const negative = namesOf('negative');

  it('has all of them', () => {
    expect([positive.length, negative.length]).toEqual([5, 4]);
  });

  it.each(positive)('%s', (name) => {
    const body = encoded('positive', name);
    const expected = messageSchema.parse(JSON.parse(decoded('positive', name)));
    const collected = collect('aws-eventstream', [body]);
    expect(collected.frames).toMatchObject([{ kind: 'message', offset: 0, length: expected.total_length }]);
    expect(codes(collected)).toEqual([]);
    const { text, fields } = describeFrame('aws-eventstream', 'message', body);
    expect((fields.headers ?? []).map((header) => [header.name, header.value])).toEqual(
      expected.headers.map((header) => [header.name, asText(header.type, header.value)]),
    );
    expect(text).toBe(Buffer.from(expected.payload, 'base64').toString());
    expect(collect('aws-eventstream', byteByByte(body)).calls).toEqual(collected.calls);
    for (const cuts of seededCuts(body)) {
      expect(collect('aws-eventstream', split(body, cuts)).calls).toEqual(collected.calls);
    }
  });

  it.each(negative)('%s, and the message after it', (name) => {
    const body = encoded('negative', name);
    const next = encoded('positive', 'payload_no_headers');
    const collected = collect('aws-eventstream', [Buffer.concat([body, next])]);
    expect(collected.frames).toMatchObject([
      { kind: 'invalid', offset: 0, length: body.length },
      { kind: 'message', offset: body.length, length: next.length },
    ]);
    expect(codes(collected)).toEqual([codeOfFault[decoded('negative', name)]]);
    expect(codes(collect('aws-eventstream', [body]))).toEqual(codes(collected));
    const both = Buffer.concat([body, next]);
    expect(collect('aws-eventstream', byteByByte(both)).calls).toEqual(collected.calls);
    for (const cuts of seededCuts(both)) {
      expect(collect('aws-eventstream', split(both, cuts)).calls).toEqual(collected.calls);
    }
  });
});
