import type { DialectReader } from '../../engine/dialects/reader.ts';
import {
  carriesOn,
  newTurns,
  readConversation,
  shownCalls,
  shownTurn,
  type RequestConversation,
} from '../../engine/dialects/conversation.ts';
import type { Conversation, ConversationExchange } from '../../shared/conversation.ts';
import { FailureError } from '../../shared/failure.ts';
import type { Limits } from '../../shared/limits.ts';
import type { ExchangeFacts, RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import type { Library } from '../store/recordingStore.ts';
import { messageReader } from './messages.ts';
import type { Recordings } from './recordings.ts';

const recordingsLookedAt = 500;
const bodyUnits = 1_048_576;
const exchangesAtMost = 100;
const turnsAtMost = 200;
const answerUnits = 16_384;
const sliceMillis = 8;

interface Part {
  readonly summary: RecordingSummary;
  readonly request: RequestConversation;
}

/**
 * The conversation that a recording's request is part of: those requests to the same server that it carries on, and
 * those that carry it on. Of several that go on from one place, the one that led furthest is followed.
 * @returns null where the request body is no conversation that can be read
 * @throws the signal's reason when it aborts
 */
export async function readConversationOf(
  id: RecordingId,
  parts: { readonly recordings: Recordings; readonly library: Library; readonly limits: Limits },
  signal: AbortSignal,
): Promise<Conversation | null> {
  const { recordings, library, limits } = parts;
  const list = recordings.list();
  const summary = list.find((each) => each.id === id);
  const body = bodyText(recordings.get(id).facts());
  const request = body.text === null ? null : readConversation(body.text);
  if (summary === undefined || request === null) return null;
  const origin = originOf(summary.url);
  const others = list.filter(
    (each) => each.id !== id && each.method === summary.method && originOf(each.url) === origin,
  );
  const before: Part[] = [];
  const after: Part[] = [];
  let lookedAt = 1;
  let until = performance.now() + sliceMillis;
  for (const other of others.slice(0, recordingsLookedAt)) {
    if (performance.now() > until) {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      until = performance.now() + sliceMillis;
    }
    const { text, isTooLong } = bodyOf(other.id, recordings, library);
    if (isTooLong) continue;
    lookedAt++;
    const its = text === null ? null : readConversation(text);
    if (its === null) continue;
    if (carriesOn(its, request)) before.push({ summary: other, request: its });
    else if (carriesOn(request, its)) after.push({ summary: other, request: its });
  }
  const chain = chainOf({ summary, request }, before, after);
  const exchanges: ConversationExchange[] = [];
  for (const [i, part] of chain.entries()) {
    const reader = await readerOf(part.summary.id, recordings, limits);
    signal.throwIfAborted();
    const turns = newTurns(part.request, chain[i - 1]?.request.turns.length ?? 0);
    exchanges.push({
      recordingId: part.summary.id,
      startedAt: part.summary.startedAt,
      model: part.request.model ?? reader?.message.model ?? null,
      turns: turns.slice(-turnsAtMost).map(shownTurn),
      omittedTurns: Math.max(0, turns.length - turnsAtMost),
      answer: reader === null ? null : answerOf(reader),
    });
  }
  return { exchanges, lookedAt, leftOut: others.length + 1 - lookedAt };
}

/** One exchange for each length of the conversation, the newest of several; of the later ones those of one line. */
function chainOf(own: Part, before: readonly Part[], after: readonly Part[]): readonly Part[] {
  const furthest = longest(after);
  const line =
    furthest === undefined
      ? []
      : after.filter((part) => part === furthest || carriesOn(part.request, furthest.request));
  const byLength = new Map<number, Part>();
  for (const part of [...before, ...line]) {
    const { length } = part.request.turns;
    const known = byLength.get(length);
    if (known === undefined || part.summary.startedAt > known.summary.startedAt) byLength.set(length, part);
  }
  if (furthest !== undefined) byLength.set(furthest.request.turns.length, furthest);
  byLength.set(own.request.turns.length, own);
  const chain = [...byLength].sort(([a], [b]) => a - b).map(([, part]) => part);
  const at = chain.indexOf(own);
  const from = Math.max(0, Math.min(at - exchangesAtMost / 2, chain.length - exchangesAtMost));
  return chain.slice(from, from + exchangesAtMost);
}

function longest(found: readonly Part[]): Part | undefined {
  let best: Part | undefined;
  for (const part of found) {
    const more = part.request.turns.length - (best?.request.turns.length ?? 0);
    if (best === undefined || more > 0 || (more === 0 && part.summary.startedAt > best.summary.startedAt)) best = part;
  }
  return best;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** A recording that cannot be read has no part in a conversation; opening it says what is wrong with it. */
function bodyOf(id: RecordingId, recordings: Recordings, library: Library): RequestBody {
  const live = recordings.live(id);
  if (live !== undefined) return bodyText(live.facts());
  const opened = library.open(id);
  if (!opened.ok) return { text: null, isTooLong: false };
  try {
    return bodyText(opened.value.facts());
  } finally {
    opened.value.close();
  }
}

interface RequestBody {
  /** Null for none, and for one that is too long. */
  readonly text: string | null;
  readonly isTooLong: boolean;
}

function bodyText({ request }: ExchangeFacts): RequestBody {
  const body = request?.body;
  if (body?.kind !== 'text' && body?.kind !== 'bytes') return { text: null, isTooLong: false };
  const length = body.kind === 'text' ? body.text.length : body.bytes.length;
  if (length > bodyUnits) return { text: null, isTooLong: true };
  return { text: body.kind === 'text' ? body.text : new TextDecoder().decode(body.bytes), isTooLong: false };
}

async function readerOf(id: RecordingId, recordings: Recordings, limits: Limits): Promise<DialectReader | null> {
  try {
    return await messageReader(recordings.get(id), limits);
  } catch (error) {
    if (error instanceof FailureError) return null;
    throw error;
  }
}

function answerOf({ message }: DialectReader): ConversationExchange['answer'] {
  const first = [...message.choices.values()].sort((a, b) => a.index - b.index)[0];
  const text = first?.text.length === 0 ? first.refusal : first?.text;
  const calls = (first?.calls ?? []).map((call) => ({ name: call.name, arguments: call.argumentsText }));
  return {
    text: text?.slice(0, answerUnits) ?? '',
    length: text?.length ?? 0,
    calls: shownCalls(calls),
    finish: first?.finish?.reason ?? null,
    meaning: first?.finish?.meaning ?? null,
  };
}
