import type { ComparedHeader, HeadComparison } from '../../../shared/compare.ts';
import { maskHeaderValue } from '../../../shared/maskSecrets.ts';
import type { ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';

/** Headers whose values are made anew for each answer. */
const volatileNames: ReadonlySet<string> = new Set([
  'age',
  'cf-ray',
  'date',
  'expires',
  'nel',
  'openai-processing-ms',
  'report-to',
  'server-timing',
  'set-cookie',
  'traceparent',
  'tracestate',
  'x-cloud-trace-context',
  'x-envoy-upstream-service-time',
  'x-runtime',
  'x-served-by',
  'x-timer',
]);
const volatileForm = /(?:request|trace|correlation|span|transaction)-?id|ratelimit|response-time|amz-cf-id|amz-id-2/;

function isVolatile(name: string): boolean {
  return volatileNames.has(name) || volatileForm.test(name);
}

/** Two response heads beside each other, names in order; a head that never came has no headers. */
export function compareHeads(left: ResponseHead | null, right: ResponseHead | null): HeadComparison {
  const ofLeft = valuesByName(left?.headers ?? []);
  const ofRight = valuesByName(right?.headers ?? []);
  const headers: ComparedHeader[] = [];
  let sameHeaders = 0;
  for (const name of [...new Set([...ofLeft.keys(), ...ofRight.keys()])].sort()) {
    const a = ofLeft.get(name);
    const b = ofRight.get(name);
    if (a !== undefined && b !== undefined && a.length === b.length && a.every((value, i) => value === b[i])) {
      sameHeaders++;
      continue;
    }
    const kind = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    const masked = (values: readonly string[] = []): readonly string[] =>
      values.map((value) => maskHeaderValue(name, value));
    headers.push({ name, kind, left: masked(a), right: masked(b), isVolatile: isVolatile(name) });
  }
  return {
    status: { left: left?.status ?? null, right: right?.status ?? null },
    httpVersion: { left: left?.httpVersion ?? null, right: right?.httpVersion ?? null },
    headers,
    sameHeaders,
  };
}

function valuesByName(headers: HeaderList): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const known = found.get(lower);
    if (known === undefined) found.set(lower, [value]);
    else known.push(value);
  }
  return found;
}
