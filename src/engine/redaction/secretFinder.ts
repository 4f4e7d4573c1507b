import { codedTexts, type CodedText } from './codedText.ts';
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

const heldAtMost = contextBytes + windowBytes + aheadBytes;
/** One character a byte; some have another code than their byte, which nothing that is looked for has. */
const latin1 = new TextDecoder('latin1');
/** What is held at first: most streams are short. */
const heldAtFirst = 4_096;
/** How often something may be coded within something coded. */
const codingsAtMost = 2;

/**
 * Looks for secrets by shape and by name in a stream of bytes, also in what is coded in it, and makes them known.
 * Bounded memory; time is linear in the bytes. The same bytes give the same secrets, however they are split.
 */
export class SecretFinder {
  readonly #secrets: KnownSecrets;
  #held = new Uint8Array(heldAtFirst);
  #heldBytes = 0;
  /** Where looking goes on within what is held. */
  #from = 0;

  constructor(secrets: KnownSecrets) {
    this.#secrets = secrets;
  }

  /** @throws TooManySecretsError */
  push(bytes: Uint8Array): void {
    this.#makeRoomFor(bytes.length);
    let taken = 0;
    while (taken < bytes.length) {
      const piece = bytes.subarray(taken, taken + this.#held.length - this.#heldBytes);
      this.#held.set(piece, this.#heldBytes);
      this.#heldBytes += piece.length;
      taken += piece.length;
      if (this.#heldBytes === heldAtMost) this.#search(this.#heldBytes - aheadBytes);
    }
  }

  /** No more bytes of this stream; another may follow. */
  finish(): void {
    this.#search(this.#heldBytes);
    this.#heldBytes = 0;
    this.#from = 0;
  }

  #makeRoomFor(bytes: number): void {
    const wanted = Math.min(heldAtMost, this.#heldBytes + bytes);
    if (wanted <= this.#held.length) return;
    const held = new Uint8Array(Math.min(heldAtMost, Math.max(wanted, this.#held.length * 2)));
    held.set(this.#held.subarray(0, this.#heldBytes));
    this.#held = held;
  }

  /** Looks for what begins before `end`. */
  #search(end: number): void {
    const bytes = this.#held.subarray(0, this.#heldBytes);
    const text = latin1.decode(bytes);
    const written = (from: number, to: number): Uint8Array => bytes.slice(from, to);
    const next = this.#searchText({ text, decoded: written, written }, this.#from, end);
    for (const coded of codedTexts(text, this.#from, end)) this.#searchCoded(bytes, coded, 1);
    const dropped = Math.max(0, end - contextBytes);
    this.#held.copyWithin(0, dropped, this.#heldBytes);
    this.#heldBytes -= dropped;
    this.#from = Math.max(end, next) - dropped;
  }

  #searchCoded(bytes: Uint8Array, { text, at }: CodedText, depth: number): void {
    const searched: Searched = {
      text,
      decoded: (from, to) => latin1Bytes(text.slice(from, to)),
      written: (from, to) => bytes.slice(at(from), at(to)),
    };
    this.#searchText(searched, 0, text.length);
    if (depth === codingsAtMost) return;
    for (const inner of codedTexts(text, 0, text.length)) {
      this.#searchCoded(bytes, { text: inner.text, at: (index) => at(inner.at(index)) }, depth + 1);
    }
  }

  /** Looks for what begins in `[from, end)`; returns where the last secret ends. */
  #searchText(searched: Searched, from: number, end: number): number {
    const { text, decoded, written } = searched;
    let next = from;
    for (let found = nextShape(text, next, end); found !== null; found = nextShape(text, next, end)) {
      const secret = this.#secrets.add(found.kind, decoded(found.start, found.end));
      this.#secrets.addWritten(secret, written(found.start, found.end));
      next = found.end;
    }
    let nextNamed = from;
    for (
      let found = nextNamedValue(text, nextNamed, end);
      found !== null;
      found = nextNamedValue(text, nextNamed, end)
    ) {
      this.#addNamed(searched, found);
      nextNamed = found.end;
    }
    return Math.max(next, nextNamed);
  }

  #addNamed({ text, decoded, written }: Searched, { kind, start, valueStart, end, form }: NamedValue): void {
    const named = text.slice(valueStart, end);
    if (isLabel(named)) return;
    const scheme = /^(?:Basic|Bearer|Token|ApiKey)\s+/i.exec(named)?.[0].length ?? 0;
    if (isLabel(named.slice(scheme))) return;
    const value = decoded(valueStart + scheme, end);
    const meant = unescaped(form, named.slice(scheme), value);
    const secret = this.#secrets.add(kind, meant, true);
    if (meant !== value) this.#secrets.add(kind, value, true);
    const writtenValue = written(valueStart + scheme, end);
    if (this.#secrets.isSearchedFor(secret)) this.#secrets.addWritten(secret, writtenValue);
    else {
      const all = written(start, end);
      this.#secrets.addInContext(kind, meant, all, all.length - writtenValue.length);
    }
  }
}

/** A text, and for a part of it the bytes that it means and the bytes of the stream that are to be hidden for it. */
interface Searched {
  readonly text: string;
  readonly decoded: (from: number, to: number) => Uint8Array;
  readonly written: (from: number, to: number) => Uint8Array;
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
