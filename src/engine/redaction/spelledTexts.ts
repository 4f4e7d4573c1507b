import { BodyEdits } from './bodyEdits.ts';
import { ByteMasker } from './byteMasker.ts';
import { escapePlaces } from './jsonTexts.ts';
import type { KnownSecrets } from './knownSecrets.ts';
import { SecretFinder } from './secretFinder.ts';
import { latin1Bytes } from './spellings.ts';
import type { TextPiece } from './textPieces.ts';

/** Texts that are followed at once; the one that was silent longest is left when there are more. */
const channelsAtMost = 128;

/** Looks for secrets in texts that go on from frame to frame, and makes them known. */
export class SpelledFinder {
  readonly #secrets: KnownSecrets;
  readonly #finders = new Map<string, SecretFinder>();

  constructor(secrets: KnownSecrets) {
    this.#secrets = secrets;
  }

  /** The pieces of the next frame. @throws TooManySecretsError */
  push(pieces: readonly TextPiece[]): void {
    for (const { channel, text } of pieces) {
      this.#finderOf(channel).push(latin1Bytes(text));
    }
  }

  /** No more frames. @throws TooManySecretsError */
  finish(): void {
    for (const finder of this.#finders.values()) finder.finish();
    this.#finders.clear();
  }

  #finderOf(channel: string): SecretFinder {
    return lastUsed(
      this.#finders,
      channel,
      () => new SecretFinder(this.#secrets),
      (finder) => {
        finder.finish();
      },
    );
  }
}

/**
 * Finds the known secrets in texts that go on from frame to frame, and says what is to be written over their pieces: a
 * part of the same label in each, so that JSON stays valid and the text that is put together holds the label.
 */
export class SpelledMasker {
  readonly edits = new BodyEdits();
  readonly #secrets: KnownSecrets;
  readonly #hidden: Map<number, number>;
  readonly #channels = new Map<string, MaskedChannel>();

  /** @param hidden counts places by secret */
  constructor(secrets: KnownSecrets, hidden: Map<number, number>) {
    this.#secrets = secrets;
    this.#hidden = hidden;
  }

  get hasNothingToHide(): boolean {
    return this.#secrets.count === 0;
  }

  /** The pieces of the next frame, in the same order as they were looked through. @throws TooManySecretsError */
  push(pieces: readonly TextPiece[]): void {
    for (const piece of pieces) {
      const channel = lastUsed(
        this.#channels,
        piece.channel,
        () => new MaskedChannel(new ByteMasker(this.#secrets, this.#hidden), this.edits),
        (left) => {
          left.finish();
        },
      );
      channel.push(piece);
    }
  }

  /** No more frames: all edits are there. @throws TooManySecretsError */
  finish(): void {
    for (const channel of this.#channels.values()) channel.finish();
    this.#channels.clear();
  }
}

/** One text, masked as a whole; its pieces wait until all of their bytes are decided. */
class MaskedChannel {
  readonly #masker: ByteMasker;
  readonly #edits: BodyEdits;
  readonly #waiting: { readonly piece: TextPiece; readonly bytes: Uint8Array; masked: number; isChanged: boolean }[] =
    [];

  constructor(masker: ByteMasker, edits: BodyEdits) {
    this.#masker = masker;
    this.#edits = edits;
  }

  push(piece: TextPiece): void {
    const bytes = latin1Bytes(piece.text);
    if (bytes.length === 0) return;
    const decided = this.#masker.push(bytes);
    this.#waiting.push({ piece, bytes, masked: 0, isChanged: false });
    this.#take(decided);
  }

  finish(): void {
    this.#take(this.#masker.finish());
  }

  #take(decided: Uint8Array): void {
    let taken = 0;
    for (let first = this.#waiting[0]; first !== undefined && taken < decided.length; first = this.#waiting[0]) {
      const { bytes } = first;
      while (first.masked < bytes.length && taken < decided.length) {
        const byte = decided[taken++] as number;
        if (bytes[first.masked] !== byte) first.isChanged = true;
        bytes[first.masked++] = byte;
      }
      if (first.masked < bytes.length) return;
      this.#waiting.shift();
      if (first.isChanged) this.#write(first.piece, bytes);
    }
  }

  #write({ text, written, at, coded }: TextPiece, masked: Uint8Array): void {
    const bytes = latin1Bytes(written);
    const places = written.includes('\\') ? escapePlaces(written) : null;
    masked.forEach((byte, i) => {
      if (byte === text.charCodeAt(i)) return;
      const place = places === null ? { at: i, length: 1 } : places[i];
      if (place === undefined) return;
      bytes.fill(filler, place.at, place.at + place.length);
      if (place.length > 0) bytes[place.at] = byte;
    });
    if (coded === undefined) this.#edits.add(at, bytes);
    else this.#edits.addCoded(coded, at, bytes);
  }
}

/** What the rest of an escape becomes that was longer than the letter in its place. */
const filler = 'x'.charCodeAt(0);

/** The entry of a key, made where there is none; the one that was not asked for longest is dropped for it. */
function lastUsed<T>(entries: Map<string, T>, key: string, make: () => T, drop: (entry: T) => void): T {
  const known = entries.get(key);
  const entry = known ?? make();
  if (known !== undefined) entries.delete(key);
  entries.set(key, entry);
  if (entries.size > channelsAtMost) {
    for (const [oldest, left] of entries) {
      drop(left);
      entries.delete(oldest);
      break;
    }
  }
  return entry;
}
