import { z } from 'zod';
import type { ResponseHead } from '../../../shared/recording.ts';
import { defaultRequestOptions, type RequestSpec } from '../../../shared/request.ts';
import type { EpochMillis, Micros } from '../../../shared/words.ts';
import type { HarContents, HarEntry } from '../harEntry.ts';

/** What a fixture file's first bytes must match to be taken for one. */
export const aimockStart = /^\uFEFF?\s*\{\s*"fixtures"\s*:\s*\[/;

/** Fixtures of a file that are read. */
const fixturesAtMost = 1_000;
const chunkSizeByDefault = 20;
const piecesAtMost = 100_000;

const text = z.string();
/** Objects and lists are taken for the JSON that they are. */
const anyText = z.union([text, z.record(text, z.unknown()), z.array(z.unknown())]);
const call = z.object({ name: text, arguments: anyText, id: text.optional() });
const block = z.union([
  z.object({ type: z.literal('text'), text }),
  z.object({ type: z.literal('toolCall'), name: text, arguments: anyText, id: text.optional() }),
]);
const fixtureSchema = z.object({
  match: z.object({
    userMessage: text.optional().catch(undefined),
    model: text.optional().catch(undefined),
  }),
  response: z.looseObject({
    content: anyText.optional().catch(undefined),
    toolCalls: z.array(call).optional().catch(undefined),
    blocks: z.array(block).optional().catch(undefined),
    reasoning: text.optional().catch(undefined),
    error: z.looseObject({ message: text }).optional().catch(undefined),
    status: z.number().int().min(100).max(999).optional().catch(undefined),
    id: text.optional().catch(undefined),
    model: text.optional().catch(undefined),
    finishReason: text.optional().catch(undefined),
    usage: z.record(text, z.unknown()).optional().catch(undefined),
  }),
  chunkSize: z.number().int().min(1).optional().catch(undefined),
  recordedTimings: z
    .object({ ttftMs: z.number().min(0), interChunkDelaysMs: z.array(z.number().min(0)) })
    .optional()
    .catch(undefined),
});
type Fixture = z.infer<typeof fixtureSchema>;
type Response = Fixture['response'];

const fileSchema = z.object({ fixtures: z.array(z.unknown()) });

/**
 * The answers of an aimock fixture file, each as the OpenAI chat stream that aimock makes of it; null where the text is
 * no such file.
 * @param startedAt fixtures do not say when they were recorded
 */
export function readAimock(json: string, startedAt: EpochMillis): HarContents | null {
  const file = fileSchema.safeParse(parsed(json));
  if (!file.success) return null;
  const { fixtures } = file.data;
  const entries: HarEntry[] = [];
  let problem: string | null = null;
  fixtures.slice(0, fixturesAtMost).forEach((each, n) => {
    const fixture = fixtureSchema.safeParse(each);
    if (fixture.success) entries.push(entryOf(fixture.data, startedAt));
    else {
      const [issue] = fixture.error.issues;
      problem ??= `Fixture ${String(n + 1)} is none of aimock: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`;
    }
  });
  return entries.length === 0 ? null : { entries, total: fixtures.length, problem };
}

function entryOf(fixture: Fixture, startedAt: EpochMillis): HarEntry {
  const { response, recordedTimings: timings } = fixture;
  const pieces = isMessage(response) ? messagePieces(response, fixture.chunkSize ?? chunkSizeByDefault) : null;
  const bodies = pieces ?? [JSON.stringify(response['json'] ?? errorOf(response) ?? response)];
  const isTimed = pieces !== null && timings !== undefined;
  let atMicros: Micros = 0;
  const chunks = bodies.map((body, i) => {
    if (isTimed) atMicros += millis(i === 0 ? timings.ttftMs : (timings.interChunkDelaysMs[i - 1] ?? 0));
    return { atMicros, bytes: new TextEncoder().encode(body) };
  });
  const status = response.status ?? (response.error === undefined ? 200 : 500);
  return {
    file: 'an aimock fixture',
    request: requestOf(fixture),
    startedAt,
    timesKnown: isTimed,
    head: headOf(status, pieces === null ? 'application/json' : 'text/event-stream', chunks[0]?.atMicros ?? 0),
    chunks,
    ending: null,
    error: null,
    isBodyMissing: false,
  };
}

function isMessage({ content, toolCalls, blocks }: Response): boolean {
  return content !== undefined || toolCalls !== undefined || blocks !== undefined;
}

function errorOf({ error }: Response): object | undefined {
  return error === undefined ? undefined : { error };
}

function headOf(status: number, contentType: string, atMicros: Micros): ResponseHead {
  return { status, statusText: '', httpVersion: '1.1', headers: [['content-type', contentType]], atMicros };
}

function requestOf({ match, response }: Fixture): RequestSpec {
  const model = match.model ?? response.model;
  const body = {
    ...(model === undefined ? {} : { model }),
    messages: match.userMessage === undefined ? [] : [{ role: 'user', content: match.userMessage }],
    stream: true,
  };
  return {
    method: 'POST',
    // Where aimock answers by default.
    url: 'http://127.0.0.1:4010/v1/chat/completions',
    headers: [['content-type', 'application/json']],
    body: { kind: 'text', text: JSON.stringify(body) },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };
}

/** The events of the stream: role, reasoning, text and calls in their order, finish, usage, end. */
function messagePieces(response: Response, chunkSize: number): readonly string[] {
  const event = (rest: object): string => {
    const chunk = {
      id: response.id ?? 'chatcmpl-fixture',
      object: 'chat.completion.chunk',
      created: 0,
      model: response.model ?? 'fixture',
      ...rest,
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  };
  const delta = (value: object, finish: string | null = null): string =>
    event({ choices: [{ index: 0, delta: value, finish_reason: finish }] });
  const calls = response.toolCalls ?? [];
  const blocks = response.blocks ?? [
    ...(response.content === undefined ? [] : [{ type: 'text' as const, text: asText(response.content) }]),
    ...calls.map((each) => ({ type: 'toolCall' as const, ...each })),
  ];
  const pieces = [
    delta({ role: 'assistant', content: '' }),
    ...cut(response.reasoning ?? '', chunkSize).map((piece) => delta({ reasoning_content: piece })),
  ];
  let index = 0;
  for (const each of blocks) {
    if (each.type === 'text') {
      pieces.push(...cut(each.text, chunkSize).map((content) => delta({ content })));
      continue;
    }
    const { name, id = `call_${String(index)}` } = each;
    const at = index++;
    const head = { index: at, id, type: 'function', function: { name, arguments: '' } };
    pieces.push(delta({ tool_calls: [head] }));
    for (const piece of cut(asText(each.arguments), chunkSize)) {
      pieces.push(delta({ tool_calls: [{ index: at, function: { arguments: piece } }] }));
    }
  }
  pieces.push(delta({}, response.finishReason ?? (index > 0 ? 'tool_calls' : 'stop')));
  if (response.usage !== undefined) pieces.push(event({ choices: [], usage: response.usage }));
  return [...pieces, 'data: [DONE]\n\n'];
}

/** Pieces of `size` UTF-16 units, longer ones where there would be too many. */
function cut(whole: string, size: number): readonly string[] {
  const step = Math.max(size, Math.ceil(whole.length / piecesAtMost));
  return Array.from({ length: Math.ceil(whole.length / step) }, (_, i) => whole.slice(i * step, (i + 1) * step));
}

function asText(value: z.infer<typeof anyText>): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function millis(value: number): Micros {
  return Math.min(1e12, Math.round(value * 1_000));
}

/** JSON text as a value, undefined for what is none: too deep for the runtime included. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
