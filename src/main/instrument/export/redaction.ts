import { ByteMasker } from '../../../engine/redaction/byteMasker.ts';
import { KnownSecrets, TooManySecretsError } from '../../../engine/redaction/knownSecrets.ts';
import { findInFacts, redactFacts } from '../../../engine/redaction/redactFacts.ts';
import { SecretFinder } from '../../../engine/redaction/secretFinder.ts';
import type { Variables } from '../../../engine/request/variables.ts';
import type { ExportPreview, HiddenSecrets } from '../../../shared/export.ts';
import { FailureError } from '../../../shared/failure.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import type { ExchangeFacts } from '../../../shared/recording.ts';
import type { OpenedRecording } from '../openedRecording.ts';
import { bytesOf, hasKeptPieces } from './recordedBytes.ts';

/** A recording as it may be shared: its secrets known, its exchange without them. */
export interface Redaction extends ExportPreview {
  readonly secrets: KnownSecrets;
  readonly facts: ExchangeFacts;
}

/**
 * Looks through a whole recording: once for what is secret, once for where that is. Yields how much of it is done, 0…1.
 * @param variables those of them that are secret are hidden wherever an answer echoes them
 * @throws FailureError where it cannot be done: then nothing may be exported without its secrets
 */
export function* redact(
  recording: OpenedRecording,
  variables: Variables = new Map(),
): Generator<number, Redaction, undefined> {
  const secrets = new KnownSecrets();
  try {
    for (const [name, { value, secret }] of variables) {
      if (secret && value !== '') secrets.addText(`variable ${name}`, value, true);
    }
    const facts = recording.facts();
    findInFacts(facts, secrets);
    const total = Math.max(1, recording.reader.byteLength('body'));
    const finder = new SecretFinder(secrets);
    let done = 0;
    for (const bytes of bytesOf(recording, 'body')) {
      finder.push(bytes);
      done += bytes.length;
      yield (0.6 * done) / total;
    }
    finder.finish();
    const hidden = new Map<number, number>();
    const redacted = redactFacts(facts, secrets, hidden);
    const isCoded = recording.reader.hasDecodedBody;
    const beforeBody = sum(hidden);
    const masker = new ByteMasker(secrets, hidden);
    done = 0;
    for (const bytes of bytesOf(recording, 'body')) {
      masker.push(bytes);
      done += bytes.length;
      yield 0.6 + (0.4 * done) / total;
    }
    masker.finish();
    const isDecoded = isCoded && (sum(hidden) > beforeBody || isDecodedInPart(facts));
    if (isDecoded && !hasKeptPieces(recording)) throw undecoded();
    return { secrets, facts: redacted, hidden: byKind(secrets, hidden), isDecoded };
  } catch (error) {
    if (error instanceof TooManySecretsError) throw tooMany(error);
    throw error;
  }
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
