const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters that differ from seed to seed. */
export function made(length: number, seed: number, alphabet = letters): string {
  let state = (seed + 1) * 2_654_435_761;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return alphabet.charAt((state >>> 8) % alphabet.length);
  }).join('');
}

const upper = letters.slice(0, 26) + letters.slice(-10);

/** Secrets by their shape, put together so that none of them stands in this file. */
export const shaped: readonly (readonly [string, (seed: number) => string])[] = [
  ['OpenAI', (n) => `sk-${made(48, n)}`],
  ['OpenAI project', (n) => `sk-proj-${made(60, n)}`],
  ['Anthropic', (n) => `sk-ant-api03-${made(80, n)}`],
  ['OpenRouter', (n) => `sk-or-v1-${made(64, n)}`],
  ['AWS', (n) => `AKIA${made(16, n, upper)}`],
  ['AWS temporary', (n) => `ASIA${made(16, n, upper)}`],
  ['Google', (n) => `AIza${made(35, n)}`],
  ['Google OAuth', (n) => `ya29.${made(60, n)}`],
  ['Hugging Face', (n) => `hf_${made(34, n)}`],
  ['Groq', (n) => `gsk_${made(52, n)}`],
  ['xAI', (n) => `xai-${made(80, n)}`],
  ['Perplexity', (n) => `pplx-${made(48, n)}`],
  ['Replicate', (n) => `r8_${made(37, n)}`],
  ['JWT', (n) => `eyJ${made(30, n)}.eyJ${made(60, n + 1)}.${made(43, n + 2)}`],
  ['GitHub', (n) => `ghp_${made(36, n)}`],
  ['GitHub fine', (n) => `github_pat_${made(22, n)}_${made(59, n + 1)}`],
  ['GitLab', (n) => `glpat-${made(20, n)}`],
  ['Slack', (n) => `xoxb-${made(12, n, '0123456789')}-${made(24, n)}`],
  ['Stripe', (n) => `sk_live_${made(24, n)}`],
  ['Stripe restricted', (n) => `rk_test_${made(24, n)}`],
  ['npm', (n) => `npm_${made(36, n)}`],
  ['private key', (n) => `-----BEGIN PRIVATE KEY-----${made(120, n)}-----END PRIVATE KEY-----`],
];
