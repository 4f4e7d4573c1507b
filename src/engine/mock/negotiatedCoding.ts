import type { MockCoding } from './answer.ts';

const preferred = ['br', 'gzip', 'deflate'] as const satisfies readonly MockCoding[];

/** The coding that an `Accept-Encoding` likes most, of equals the smallest; null: as it is (RFC 9110 §12.5.3). */
export function negotiatedCoding(acceptEncoding: string): MockCoding | null {
  const weights = new Map<string, number>();
  for (const part of acceptEncoding.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    if (name !== '') weights.set(name, weight === undefined ? 1 : Number(weight) || 0);
  }
  const weightOf = (name: string): number => weights.get(name) ?? weights.get('*') ?? 0;
  let best: (typeof preferred)[number] | null = null;
  for (const name of preferred) {
    if (weightOf(name) > (best === null ? 0 : weightOf(best))) best = name;
  }
  return best;
}
