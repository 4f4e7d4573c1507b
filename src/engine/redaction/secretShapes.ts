import { isInWord } from './wordCharacters.ts';

/**
 * Secrets known by their shape (`faults.md` §5): one joined pattern in which every repetition is bounded and every
 * alternative begins with fixed characters at the beginning of a word, so that hostile text costs linear time. The first
 * two of these are its beginnings: elsewhere it is not looked for.
 */
const shapes: readonly (readonly [kind: string, beginnings: string, pattern: string])[] = [
  ['API key (sk-…)', 'sk', String.raw`sk-[\w-]{20,200}`],
  ['AWS access key', 'AK AS', String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`],
  ['Google API key', 'AI', String.raw`AIza[\w-]{35}`],
  ['Google access token', 'ya', String.raw`ya29\.[\w-]{20,2000}`],
  ['Hugging Face token', 'hf', String.raw`hf_[A-Za-z0-9]{20,200}`],
  ['Groq key', 'gs', String.raw`gsk_[A-Za-z0-9]{20,200}`],
  ['xAI key', 'xa', String.raw`xai-[A-Za-z0-9]{20,200}`],
  ['Perplexity key', 'pp', String.raw`pplx-[A-Za-z0-9]{20,200}`],
  ['Replicate token', 'r8', String.raw`r8_[A-Za-z0-9]{20,200}`],
  ['JSON Web Token', 'ey', String.raw`eyJ[\w-]{8,4000}\.[\w-]{8,8000}\.[\w-]{8,2000}`],
  ['GitHub token', 'gh gi', String.raw`(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255})`],
  ['GitLab token', 'gl', String.raw`glpat-[\w-]{16,200}`],
  ['Slack token', 'xo', String.raw`xox[abprs]-[A-Za-z0-9-]{10,255}`],
  ['Stripe key', 'sk rk', String.raw`[sr]k_(?:test|live)_[A-Za-z0-9]{10,255}`],
  ['npm token', 'np', String.raw`npm_[A-Za-z0-9]{30,200}`],
  // Forms write a space as a plus sign. The rest of the block is taken by hand: a pattern would have to look for its end from every beginning.
  ['private key', '--', String.raw`-----BEGIN[ +][A-Z0-9 +]{0,40}PRIVATE[ +]KEY(?:[ +]BLOCK)?-----`],
];

/** The beginning of a word: after an escape of JSON or of a URL a word begins although a letter comes before it. */
const wordStart = String.raw`(?<![\w-]|\\)|(?<=\\[nrtbf]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4})`;
const anyShape = new RegExp(`(?:${wordStart})(?:${shapes.map(([, , pattern]) => `(${pattern})`).join('|')})`, 'y');

/** 1 for a character that a shape begins with, and for two of them: the pattern is asked at such places alone. */
const mayBegin = new Uint8Array(256);
const mayBeginWith = new Uint8Array(65_536);
for (const pair of shapes.flatMap(([, beginnings]) => beginnings.split(' '))) {
  mayBegin[pair.charCodeAt(0)] = 1;
  mayBeginWith[(pair.charCodeAt(0) << 8) | pair.charCodeAt(1)] = 1;
}
const backslash = 0x5c;
const percent = 0x25;

/** Whether a word may begin at `at`; where it may, the pattern says. */
function mayBeginWord(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  if (before === backslash) return false;
  if (before > 255 || isInWord[before] === 0) return true;
  return (
    text.charCodeAt(at - 2) === backslash ||
    text.charCodeAt(at - 3) === percent ||
    text.charCodeAt(at - 6) === backslash
  );
}

/** The first place in `[from, end)` where the pattern fits. */
function firstShape(text: string, from: number, end: number): RegExpExecArray | null {
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code > 255 || mayBegin[code] === 0) continue;
    const next = text.charCodeAt(at + 1);
    if (next > 255 || mayBeginWith[(code << 8) | next] !== 1 || !mayBeginWord(text, at)) continue;
    anyShape.lastIndex = at;
    const match = anyShape.exec(text);
    if (match !== null) return match;
  }
  return null;
}

/** Longest secret of any shape, in characters. */
export const longestShape = 16_384;
const keyBlockBody = /[A-Za-z0-9+/=\s\\:,.-]/;
const keyBlockEnd = /-----END[ +][A-Z0-9 +]{0,40}PRIVATE[ +]KEY(?:[ +]BLOCK)?-----/;

export interface FoundShape {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** The first secret by shape that begins in `[from, end)`; null where there is none. One character a byte. */
export function nextShape(text: string, from: number, end: number): FoundShape | null {
  const match = firstShape(text, from, end);
  if (match === null) return null;
  const groups: readonly (string | undefined)[] = match.slice(1);
  const which = groups.findIndex((part) => part !== undefined);
  const kind = shapes[which]?.[0] ?? '';
  const start = match.index;
  const afterMatch = start + match[0].length;
  return { kind, start, end: kind === 'private key' ? keyBlockEndAfter(text, start, afterMatch) : afterMatch };
}

function keyBlockEndAfter(text: string, start: number, afterHeader: number): number {
  const most = Math.min(text.length, start + longestShape);
  let end = afterHeader;
  while (end < most && keyBlockBody.test(text.charAt(end))) end++;
  const marker = keyBlockEnd.exec(text.slice(afterHeader, end));
  return marker === null ? end : afterHeader + marker.index + marker[0].length;
}
