import { isLabel } from './label.ts';
import type { KnownSecrets } from './knownSecrets.ts';
import { longestNamedValue, nextNamedValue, type NamedValue } from './namedValues.ts';
import { longestShape, nextShape } from './secretShapes.ts';
import { latin1Bytes } from './spellings.ts';

/** What is searched at once. Its places do not depend on how the bytes were split, so neither does what is found. */
const windowBytes = 262_144;
/** Kept before a window: what stands before a secret tells what it is. */
const contextBytes = 1_024;
/** Kept behind a window: a secret that begins in it is whole. */
const aheadBytes = 2 * Math.max(longestShape, longestNamedValue) + 1_024;

const latin1 = new TextDecoder('latin1');

/**
 * Looks for secrets by shape and by name in a stream of bytes, and makes them known. Bounded memory; time is linear in
 * the bytes. The same bytes give the same secrets, however they are split.
 */
export class SecretFinder {
  readonly #secrets: KnownSecrets;
  readonly #held = new Uint8Array(contextBytes + windowBytes + aheadBytes);
  #heldBytes = 0;
  /** Where looking goes on within what is held. */
  #from = 0;

  constructor(secrets: KnownSecrets) {
    this.#secrets = secrets;
  }

  /** @throws TooManySecretsError */
  push(bytes: Uint8Array): void {
    let taken = 0;
    while (taken < bytes.length) {
      const piece = bytes.subarray(taken, taken + this.#held.length - this.#heldBytes);
      this.#held.set(piece, this.#heldBytes);
      this.#heldBytes += piece.length;
      taken += piece.length;
      if (this.#heldBytes === this.#held.length) this.#search(this.#heldBytes - aheadBytes);
    }
  }

  /** No more bytes of this stream; another may follow. */
  finish(): void {
    this.#search(this.#heldBytes);
    this.#heldBytes = 0;
    this.#from = 0;
  }

  /** Looks for what begins before `end`. */
  #search(end: number): void {
    const bytes = this.#held.subarray(0, this.#heldBytes);
    const text = latin1.decode(bytes);
    let next = this.#from;
    for (let found = nextShape(text, next); found !== null && found.start < end; found = nextShape(text, next)) {
      this.#secrets.add(found.kind, bytes.slice(found.start, found.end));
      next = found.end;
    }
    let nextNamed = this.#from;
    for (
      let found = nextNamedValue(text, nextNamed);
      found !== null && found.start < end;
      found = nextNamedValue(text, nextNamed)
    ) {
      this.#addNamed(bytes, text, found);
      nextNamed = found.end;
    }
    const dropped = Math.max(0, end - contextBytes);
    this.#held.copyWithin(0, dropped, this.#heldBytes);
    this.#heldBytes -= dropped;
    this.#from = Math.max(end, next, nextNamed) - dropped;
  }

  #addNamed(bytes: Uint8Array, text: string, { kind, start, valueStart, end, form }: NamedValue): void {
    const written = text.slice(valueStart, end);
    if (isLabel(written)) return;
    const scheme = /^(?:Basic|Bearer|Token|ApiKey)\s+/i.exec(written)?.[0].length ?? 0;
    if (isLabel(written.slice(scheme))) return;
    const value = bytes.slice(valueStart + scheme, end);
    const meant = unescaped(form, latin1.decode(value), value);
    const secret = this.#secrets.add(kind, meant, true);
    if (meant !== value) this.#secrets.add(kind, value, true);
    if (this.#secrets.isSearchedFor(secret)) return;
    this.#secrets.addInContext(kind, meant, bytes.slice(start, end), valueStart + scheme - start);
  }
}

/** What a value means without the escapes of the form it is written in; the bytes themselves where it has none. */
function unescaped(form: NamedValue['form'], written: string, bytes: Uint8Array): Uint8Array {
  if (form === 'json' && written.includes('\\')) {
    const utf8 = new TextDecoder().decode(bytes);
    const text = jsonText(utf8) ?? jsonText(jsonText(utf8.replace(/\\+$/, '')) ?? '');
    return text === null ? bytes : new TextEncoder().encode(text);
  }
  if (form === 'parameter' && /%[\da-f]{2}/i.test(written)) {
    const text = written.replaceAll('+', ' ').replace(/%([\da-f]{2})/gi, (_, hex: string) => {
      return String.fromCharCode(Number.parseInt(hex, 16));
    });
    return latin1Bytes(text);
  }
  return bytes;
}

function jsonText(escaped: string): string | null {
  try {
    const value: unknown = JSON.parse(`"${escaped}"`);
    return typeof value === 'string' ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
