import { seededRandom } from './random.ts';

// Not a tokenizer of any model: pieces of the size that models send, which is what a stream looks like.
const piece = /\s?[\p{L}\p{N}\p{M}]{1,7}|\s?[^\s\p{L}\p{N}\p{M}]|\s/gu;

/** Splits text into token-like pieces; nothing is lost. */
export function tokenPieces(text: string): string[] {
  return text.match(piece) ?? [];
}

const sentences = [
  'A stream is a promise kept in small pieces: each one is worth reading before the last has come.',
  'When a client falls behind, the server should wait rather than remember everything for it.',
  'Retry with backoff and jitter, or a thousand clients will come back in the same second. ⏱️',
  'The first token is felt, the rate after it is read, and the longest silence is remembered.',
  'In Zürich, São Paulo and 東京 the same bytes arrive, but not always in the same pieces.',
  'Half a character is not an error; it is the other half that has not come yet. 🧩',
  'Measure gaps on a clock that never goes back, and keep the wall clock for the calendar.',
  'A heartbeat says that the line is open, not that there is anything to say.',
  'Cancel means now: the work behind the stream stops when nobody listens any more.',
  'An end that was announced is an end; a connection that only falls silent is a question.',
  'Voilà : une réponse en flux n’est finie que quand elle le dit.',
  'Buffers between you and the server turn a river into buckets. 🪣',
] as const;

const promptEchoLength = 60;

/**
 * The pieces of an answer of at most `limit` tokens: whole sentences while they fit. Lazy, so that ten million tokens
 * need no memory. Returns (as the generator's value) whether the limit cut it in the middle.
 */
export function* answerTokens(
  seed: number,
  prompt: string,
  limit: number,
): Generator<string, 'stop' | 'length', undefined> {
  let left = limit;
  for (let index = 0; ; index++) {
    const text = index === 0 ? opening(seed, prompt) : ` ${sentenceAt(seed, index)}`;
    const tokens = tokenPieces(text);
    // Only an answer that has said nothing yet is cut; a later sentence that does not fit is left out.
    if (index > 0 && tokens.length > left) return 'stop';
    for (const token of tokens) {
      if (left === 0) return 'length';
      left--;
      yield token;
    }
  }
}

function opening(seed: number, prompt: string): string {
  const asked = prompt.replace(/\s+/g, ' ').trim();
  if (asked === '') return sentenceAt(seed, 0);
  const characters = Array.from(asked);
  const echo = characters.length <= promptEchoLength ? asked : `${characters.slice(0, promptEchoLength).join('')}…`;
  return `You asked: “${echo}” Here is what a mock can say about streams.`;
}

/** A walk over the sentences that never says the same one twice in a row. */
function sentenceAt(seed: number, index: number): string {
  const start = seededRandom(seed).below(sentences.length);
  const stride = 5;
  return sentences[(start + index * stride) % sentences.length] ?? sentences[0];
}
