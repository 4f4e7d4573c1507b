import type { Delta } from '../dialects/delta.ts';
import { readMessage } from '../framing/awsMessage.ts';
import type { FrameKind, Framing } from '../../shared/words.ts';
import { fromBase64 } from '../bytes/base64.ts';
import { jsonTexts, unescapedJson } from './jsonTexts.ts';
import { latin1Text } from './spellings.ts';

/** A piece of a text that goes on in other frames: what belongs to one text has one channel. */
export interface TextPiece {
  readonly channel: string;
  /** What it means, one character a byte of UTF-8. */
  readonly text: string;
  /** How it is written in its frame, or in what is coded there; of as many bytes as characters. */
  readonly written: string;
  /** Offset of the written text in the body, or in what is coded. */
  readonly at: number;
  /** It is in JSON that is coded as base64. */
  readonly coded?: CodedJson;
}

/** JSON that a frame carries as base64: what is hidden in it is hidden in `bytes`, which then are coded again. */
export interface CodedJson {
  /** Offset of the base64 in the body. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Longer frames are looked through as bytes alone. */
export const longestPieceFrame = 1_048_576;
/** So are longer texts: what is so long is hardly the piece of a word. */
const longestText = 65_536;
const shortestCoded = 24;
const aroundJson: readonly FrameKind[] = ['comment', 'blank', 'terminator'];

/** A frame with its bytes. */
export interface WrittenFrame {
  readonly framing: Framing;
  readonly kind: FrameKind;
  /** Of its bytes in the body. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/**
 * The pieces of texts in one frame. A text of the message, as its dialect tells, is a channel; so is each place in the
 * frames' JSON; and so are the payloads of frames that are no JSON.
 * @param deltas what the frame says; empty for no token stream
 */
export function textPieces(frame: WrittenFrame, deltas: readonly Delta[]): readonly TextPiece[] {
  const { framing, kind, bytes } = frame;
  if (bytes.length > longestPieceFrame || aroundJson.includes(kind)) return [];
  const payload = framing === 'aws-eventstream' ? readMessage(bytes)?.payload : bytes;
  if (payload === undefined) return [];
  const offset = frame.offset + (payload.byteOffset - bytes.byteOffset);
  const text = latin1Text(payload);
  const plain = plainPieces(text, framing, offset);
  const isPlain = (framing === 'sse' || framing === 'text') && !isJson(plain.map((piece) => piece.text).join('\n'));
  const found = isPlain ? [] : piecesOfJson(text, offset);
  return assigned(found.length === 0 ? plain : found, deltas);
}

/** JSON, or a letter, a colon and JSON. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^[\w-]{1,2}:/, ''));
    return true;
  } catch {
    return false;
  }
}

function piecesOfJson(text: string, offset: number): TextPiece[] {
  const found: TextPiece[] = [];
  for (const { channel, at, written } of jsonTexts(text)) {
    if (written.length > longestText) continue;
    const inner = codedJson(written);
    if (inner === null) {
      found.push({ channel, text: unescapedJson(written), written, at: offset + at });
      continue;
    }
    const coded = { at: offset + at, bytes: inner };
    for (const each of jsonTexts(latin1Text(inner))) {
      const { written: innerWritten } = each;
      found.push({
        channel: `${channel}>${each.channel}`,
        text: unescapedJson(innerWritten),
        written: innerWritten,
        at: each.at,
        coded,
      });
    }
  }
  return found;
}

function codedJson(written: string): Uint8Array | null {
  if (written.length < shortestCoded || !written.startsWith('ey')) return null;
  const bytes = fromBase64(written);
  return bytes !== null && bytes[0] === 0x7b && bytes.at(-1) === 0x7d ? bytes : null;
}

/** Payloads that are no JSON: lines of `data`, or the frame as it is. */
function plainPieces(text: string, framing: Framing, offset: number): readonly TextPiece[] {
  if (framing !== 'sse') {
    const line = text.replace(/\r?\n$/, '');
    return line === '' ? [] : [{ channel: 'plain', text: line, written: line, at: offset }];
  }
  return [...text.matchAll(/(?:^|[\r\n])data: ?([^\r\n]+)/g)].map((match) => {
    const written = match[1] ?? '';
    return { channel: 'plain', text: written, written, at: offset + match.index + match[0].length - written.length };
  });
}

/** The pieces, those that are a text of the message on its channel: the same text may come at several places. */
function assigned(found: readonly TextPiece[], deltas: readonly Delta[]): readonly TextPiece[] {
  const taken = new Map<TextPiece, TextPiece>();
  for (const delta of deltas) {
    const channel = channelOf(delta);
    if (channel === null || !('text' in delta) || delta.text === '') continue;
    const text = asBytes(delta.text);
    const piece =
      found.find((each) => !taken.has(each) && each.text === text) ??
      // A text that comes whole each time, longer by what is new.
      found.find((each) => !taken.has(each) && each.text.endsWith(text));
    if (piece === undefined) continue;
    taken.set(piece, piece.text === text ? { ...piece, channel } : lastPart(piece, channel, text));
  }
  return found.map((piece) => taken.get(piece) ?? piece);
}

function lastPart(piece: TextPiece, channel: string, text: string): TextPiece {
  // Its end is written as it is meant, or it is not known where it begins.
  if (!piece.written.endsWith(text)) return piece;
  const at = piece.written.length - text.length;
  return { ...piece, channel, text, written: text, at: piece.at + at };
}

function channelOf(delta: Delta): string | null {
  switch (delta.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return `message ${delta.type} ${String(delta.choice)}`;
    case 'tool-arguments':
      return `message arguments ${String(delta.call)}`;
    default:
      return null;
  }
}

function asBytes(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : latin1Text(new TextEncoder().encode(text));
}
