import { ByteMasker } from '../../../engine/redaction/byteMasker.ts';
import { KnownSecrets, TooManySecretsError } from '../../../engine/redaction/knownSecrets.ts';
import { findInFacts, findInText, maskedText, redactFacts } from '../../../engine/redaction/redactFacts.ts';
import type { BodyEdits } from '../../../engine/redaction/bodyEdits.ts';
import { SecretFinder } from '../../../engine/redaction/secretFinder.ts';
import { SpelledFinder, SpelledMasker } from '../../../engine/redaction/spelledTexts.ts';
import type { Variables } from '../../../engine/request/variables.ts';
import type { ExportPreview, HiddenSecrets } from '../../../shared/export.ts';
import { FailureError } from '../../../shared/failure.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import type { ExchangeFacts } from '../../../shared/recording.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { OpenedRecording } from '../openedRecording.ts';
import { frameTexts } from './frameTexts.ts';
import { bytesOf, hasKeptPieces } from './recordedBytes.ts';

/** A recording as it may be shared: its secrets known, its exchange without them. */
export interface Redaction extends ExportPreview {
  readonly secrets: KnownSecrets;
  readonly facts: ExchangeFacts;
  readonly note: string | null;
  /** What is written over the body before secrets are hidden in its bytes: those that its frames spell piece by piece. */
  readonly edits: BodyEdits;
}

/** What each pass over the body is of the whole work. */
const passes = { bytes: 0.4, texts: 0.2, spelled: 0.15, hiding: 0.1, check: 0.15 };

/**
 * Looks through a whole recording whose frames are known: for what is secret in its bytes and in the texts that its
 * frames spell piece by piece, for where that is, and whether it is gone. Yields how much of it is done, 0…1.
 * @param note what the user noted of it
 * @param variables those of them that are secret are hidden wherever an answer echoes them
 * @throws FailureError where it cannot be done: then nothing may be exported without its secrets
 */
export function* redact(
  recording: OpenedRecording,
  note: string | null,
  limits: Limits,
  variables: Variables = new Map(),
): Generator<number, Redaction, undefined> {
  const secrets = new KnownSecrets();
  const total = Math.max(1, recording.reader.byteLength('body'));
  let done = 0;
  const pass = function* (share: number, ends: Iterable<number>): Generator<number, void, undefined> {
    for (const end of ends) yield done + (share * end) / total;
    done += share;
  };
  try {
    for (const [name, { value, secret }] of variables) {
      if (secret && value !== '') secrets.addText(`variable ${name}`, value, true);
    }
    const facts = recording.facts();
    findInFacts(facts, secrets);
    findInText(note ?? '', secrets);
    yield* pass(passes.bytes, findInBytes(recording, secrets));
    yield* pass(passes.texts, findInTexts(recording, limits, secrets));
    const hidden = new Map<number, number>();
    const redacted = redactFacts(facts, secrets, hidden);
    const redactedNote = note === null ? null : maskedText(note, secrets, hidden);
    const beforeBody = sum(hidden);
    const spelled = new SpelledMasker(secrets, hidden);
    yield* pass(passes.spelled, hideInTexts(recording, limits, spelled));
    const { edits } = spelled;
    yield* pass(passes.hiding, ends(maskedBody(recording, edits, new ByteMasker(secrets, hidden))));
    const isDecoded = recording.reader.hasDecodedBody && (sum(hidden) > beforeBody || isDecodedInPart(facts));
    if (isDecoded && !hasKeptPieces(recording)) throw undecoded();
    if (secrets.count > 0) yield* pass(passes.check, checkTexts(recording, limits, secrets, edits));
    return { secrets, edits, facts: redacted, note: redactedNote, hidden: byKind(secrets, hidden), isDecoded };
  } catch (error) {
    if (error instanceof TooManySecretsError) throw tooMany(error);
    throw error;
  }
}

/** The body with labels in place of its secrets. @param masker a new one */
export function* maskedBody(
  recording: OpenedRecording,
  edits: BodyEdits,
  masker: ByteMasker,
): Generator<Uint8Array, void, undefined> {
  let offset = 0;
  for (const bytes of bytesOf(recording, 'body')) {
    yield masker.push(edits.applied(bytes, offset));
    offset += bytes.length;
  }
  yield masker.finish();
}

function* ends(pieces: Iterable<Uint8Array>): Generator<number, void, undefined> {
  let end = 0;
  for (const { length } of pieces) yield (end += length);
}

function* findInBytes(recording: OpenedRecording, secrets: KnownSecrets): Generator<number, void, undefined> {
  const finder = new SecretFinder(secrets);
  let end = 0;
  for (const bytes of bytesOf(recording, 'body')) {
    finder.push(bytes);
    yield (end += bytes.length);
  }
  finder.finish();
}

function* findInTexts(
  recording: OpenedRecording,
  limits: Limits,
  secrets: KnownSecrets,
): Generator<number, void, undefined> {
  const finder = new SpelledFinder(secrets);
  for (const { pieces, end } of frameTexts(recording, bytesOf(recording, 'body'), limits)) {
    finder.push(pieces);
    yield end;
  }
  finder.finish();
}

function* hideInTexts(
  recording: OpenedRecording,
  limits: Limits,
  masker: SpelledMasker,
): Generator<number, void, undefined> {
  if (masker.hasNothingToHide) return;
  for (const { pieces, end } of frameTexts(recording, bytesOf(recording, 'body'), limits)) {
    masker.push(pieces);
    yield end;
  }
  masker.finish();
}

/** Looks through the texts of what will be given out. @throws FailureError where one still spells a secret */
function* checkTexts(
  recording: OpenedRecording,
  limits: Limits,
  secrets: KnownSecrets,
  edits: BodyEdits,
): Generator<number, void, undefined> {
  const left = new Map<number, number>();
  const masker = new SpelledMasker(secrets, left);
  const body = maskedBody(recording, edits, new ByteMasker(secrets));
  for (const { pieces, end } of frameTexts(recording, body, limits)) {
    masker.push(pieces);
    yield end;
  }
  masker.finish();
  const [first] = left.keys();
  if (first !== undefined) throw spelledStill(secrets.kindOf(first));
}

/** Coded bytes that were not decoded may hold secrets that nobody has seen: they are left out. */
function isDecodedInPart({ ending, transportFindings = [] }: ExchangeFacts): boolean {
  const codes = [ending?.code ?? 'end/interrupted', ...transportFindings.map(({ code }) => code)];
  return codes.some((code) => /^end\/(?:coding-|decoding-limit|interrupted)/.test(code));
}

function sum(hidden: ReadonlyMap<number, number>): number {
  return [...hidden.values()].reduce((all, count) => all + count, 0);
}

function byKind(secrets: KnownSecrets, hidden: ReadonlyMap<number, number>): readonly HiddenSecrets[] {
  const counts = new Map<string, number>();
  for (const [secret, count] of hidden) {
    const kind = secrets.kindOf(secret);
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
}

function undecoded(): FailureError {
  return new FailureError({
    code: 'export/cannot-redact',
    message:
      'Secrets in the coded bytes of this recording cannot be hidden, and an old version recorded it without saying which chunk brought which of the decoded bytes. Export it with its secrets, or not at all.',
  });
}

function spelledStill(kind: string): FailureError {
  return new FailureError({
    code: 'export/cannot-redact',
    message: `A secret (${kind}) is spelled over several frames in a way that cannot be hidden. Export the recording with its secrets, or not at all.`,
  });
}

function tooMany(cause: unknown): FailureError {
  return new FailureError(
    {
      code: 'export/cannot-redact',
      message:
        'There are more secrets in this recording than can be hidden. Export it with its secrets, or not at all.',
    },
    { cause },
  );
}

/** The exchange with a decoded body: what said that it was coded is not true of it any more. */
export function withoutCoding(facts: ExchangeFacts): ExchangeFacts {
  const { head } = facts;
  if (head === null || headerValue(head.headers, 'content-encoding') === null) return facts;
  const headers = head.headers.filter(([name]) => !/^(?:content-encoding|content-length)$/i.test(name));
  return { ...facts, head: { ...head, headers } };
}
