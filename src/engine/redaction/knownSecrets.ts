import { isSecretHeader } from '../../shared/maskSecrets.ts';
import { fromBase64 } from '../bytes/base64.ts';
import { headerKind, isOrdinaryValue } from './secretKinds.ts';
import { isLabel, label } from './label.ts';
import { PatternMatcher, type Pattern } from './patternMatcher.ts';
import { latin1Text, spellingsOf } from './spellings.ts';

/** Bytes of all patterns together; what has more secrets than fit cannot be redacted. */
const patternBytesAtMost = 4_194_304;

/** What is shorter is found by chance. */
const shortestWritten = 6;

/** More secrets than can be searched for. */
export class TooManySecretsError extends Error {
  override readonly name = 'TooManySecretsError';
}

const utf8 = new TextEncoder();

/**
 * The secrets of one recording: each has a number, by which its label is the same wherever it stands, and a kind. Found
 * first, then searched for everywhere.
 */
export class KnownSecrets {
  readonly #numbers = new Map<string, number>();
  readonly #kinds: string[] = [];
  /** Those that are searched for by value. */
  readonly #searched = new Set<number>();
  readonly #patterns = new Map<string, Pattern>();
  #patternBytes = 0;
  #matcher: PatternMatcher | undefined;

  get count(): number {
    return this.#kinds.length;
  }

  isSearchedFor(secret: number): boolean {
    return this.#searched.has(secret);
  }

  kindOf(secret: number): string {
    return this.#kinds[secret] ?? '';
  }

  /** The same text in place of the same secret, of the length it has there. */
  labelOf(secret: number, length: number): string {
    return label(secret, length);
  }

  /** As `add`, of UTF-8. */
  addText(kind: string, value: string, isChosenByPeople = false): number {
    return this.add(kind, utf8.encode(value), isChosenByPeople);
  }

  /**
   * Makes a secret known; it is searched for by value unless its value is an ordinary one.
   * @param isChosenByPeople a password or the like
   * @returns its number
   * @throws TooManySecretsError
   */
  add(kind: string, value: Uint8Array, isChosenByPeople = false): number {
    const number = this.#number(kind, value);
    if (this.#searched.has(number) || isOrdinaryValue(latin1Text(value), isChosenByPeople)) return number;
    this.#searched.add(number);
    for (const bytes of spellingsOf(value)) {
      this.#addPattern({ bytes, hideFrom: 0, hideTo: bytes.length, secret: number });
    }
    return number;
  }

  /** The secret as it was met: its usual spellings need not be all there are. */
  addWritten(secret: number, bytes: Uint8Array): void {
    if (!this.#searched.has(secret) || bytes.length < shortestWritten) return;
    this.#addPattern({ bytes, hideFrom: 0, hideTo: bytes.length, secret });
  }

  /**
   * A value that is too ordinary to be searched for by itself: it is, together with the name before it.
   * @param bytes name and value, of which the part from `hideFrom` on is hidden
   */
  addInContext(kind: string, value: Uint8Array, bytes: Uint8Array, hideFrom: number): void {
    if (bytes.length === hideFrom) return;
    const number = this.#number(kind, value);
    this.#addPattern({ bytes, hideFrom, hideTo: bytes.length, secret: number });
  }

  /** A header's secret, whole or in its parts; others are no secrets. */
  addHeader(name: string, value: string): void {
    if (!isSecretHeader(name)) return;
    for (const { text } of secretParts(name, value)) {
      // It was hidden before.
      if (isLabel(text)) continue;
      this.addText(headerKind(name), text);
      const user = /^basic\s+/i.test(value) ? decodedBasic(text) : null;
      if (user !== null) this.addText('password', user, true);
    }
  }

  #number(kind: string, value: Uint8Array): number {
    const key = latin1Text(value);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#kinds.length;
    this.#numbers.set(key, number);
    this.#kinds.push(kind);
    this.#patternBytes += value.length;
    this.#checkRoom();
    return number;
  }

  #addPattern(pattern: Pattern): void {
    const key = `${String(pattern.hideFrom)}:${latin1Text(pattern.bytes)}`;
    if (this.#patterns.has(key)) return;
    this.#patterns.set(key, pattern);
    this.#patternBytes += pattern.bytes.length;
    this.#matcher = undefined;
    this.#checkRoom();
  }

  #checkRoom(): void {
    if (this.#patternBytes > patternBytesAtMost) throw new TooManySecretsError('more secrets than can be searched for');
  }

  /** What finds every one of them; made anew when there are more. */
  get matcher(): PatternMatcher {
    this.#matcher ??= new PatternMatcher([...this.#patterns.values()]);
    return this.#matcher;
  }
}

/** The part of a header's value that is secret: without the scheme, and of cookies the values alone. */
export function secretParts(name: string, value: string): readonly { readonly at: number; readonly text: string }[] {
  const lower = name.toLowerCase();
  if (lower === 'cookie' || lower === 'set-cookie') return cookieValues(value, lower === 'set-cookie');
  const scheme = /^(?:Basic|Bearer|Digest|Token|ApiKey|Negotiate|AWS4-HMAC-SHA256)\s+/i.exec(value)?.[0] ?? '';
  const text = value.slice(scheme.length);
  return text === '' ? [] : [{ at: scheme.length, text }];
}

function cookieValues(value: string, firstOnly: boolean): readonly { readonly at: number; readonly text: string }[] {
  const found: { readonly at: number; readonly text: string }[] = [];
  let at = 0;
  for (const part of value.split(';')) {
    const equals = part.indexOf('=');
    const from = equals < 0 ? part.length - part.trimStart().length : equals + 1;
    if (from < part.length) found.push({ at: at + from, text: part.slice(from) });
    at += part.length + 1;
    if (firstOnly) break;
  }
  return found;
}

/** The password of Basic credentials (RFC 7617); null where there is none. */
function decodedBasic(credentials: string): string | null {
  const bytes = fromBase64(credentials);
  if (bytes === null) return null;
  const text = new TextDecoder().decode(bytes);
  const colon = text.indexOf(':');
  return colon < 0 || colon + 1 === text.length ? null : text.slice(colon + 1);
}
