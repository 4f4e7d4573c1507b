import { duration } from '../../../engine/recording/verdict.ts';
import { byteCount } from '../../capture/endings.ts';
import { grouped } from '../../../shared/grouped.ts';
import type { SeverityCounts } from '../../../shared/recording.ts';
import type { EndingKind, Framing, Micros, Severity } from '../../../shared/words.ts';
import type { SummaryLine } from './summaryLine.ts';

/** A time that can be asserted on, by the option that does so. */
export const timeAssertions = {
  'max-headers': { of: 'the response head', read: (timing) => timing.headersUs },
  'max-first-byte': { of: 'the first byte', read: (timing) => timing.firstByteUs },
  'max-first-frame': { of: 'the first frame', read: (timing) => timing.firstFrameUs },
  'max-ttft': { of: 'the first token', read: (timing) => timing.ttftUs },
  'max-ttfo': { of: 'the first token of the answer', read: (timing) => timing.ttfoUs },
  'max-gap': { of: 'the longest gap', read: (timing) => timing.gapUs.max },
  'max-gap-p99': { of: 'the 99th percentile of gaps', read: (timing) => timing.gapUs.p99 },
  'max-duration': { of: 'the end', read: (timing) => timing.endUs },
} as const satisfies Readonly<
  Record<string, { readonly of: string; readonly read: (timing: NonNullable<SummaryLine['timing']>) => Micros | null }>
>;
export type TimeAssertion = keyof typeof timeAssertions;

/** What a stream is to be like; the words are those of the options of `check`. */
export type Assertion =
  | { readonly name: TimeAssertion; readonly limitMicros: Micros }
  | { readonly name: 'frames' | 'min-frames' | 'at-most-frames'; readonly frames: number }
  | { readonly name: 'min-bytes' | 'at-most-bytes'; readonly bytes: number }
  | { readonly name: 'no-stalls' | 'no-errors' | 'no-warnings' }
  | { readonly name: 'ending'; readonly oneOf: readonly string[] }
  | { readonly name: 'status'; readonly oneOf: readonly string[] }
  | { readonly name: 'content-type-is'; readonly type: string }
  | { readonly name: 'framing-is'; readonly framing: Framing }
  | { readonly name: 'dialect-is'; readonly dialect: string }
  | { readonly name: 'http-version-is'; readonly version: string }
  | { readonly name: 'diagnostic' | 'no-diagnostic'; readonly code: string }
  | { readonly name: 'contains' | 'not-contains'; readonly text: string };

/** What is known of a checked target. */
export interface CheckedFacts {
  readonly summary: SummaryLine;
  /** All that were found, those included that are too many to be listed. */
  readonly diagnostics: SeverityCounts;
  /** How often a code was found. */
  readonly countOf: (code: string) => number;
  readonly contains: (text: string) => boolean;
  /** Between the last byte and an ending that was none of the stream's own; null where there was none. */
  readonly lastSilenceMicros: Micros | null;
  /** It stopped where the user asked for it. */
  readonly stoppedAsAsked: boolean;
}

export interface AssertionResult {
  /** As on the command line: `--max-ttft 800 ms`. */
  readonly assertion: string;
  readonly ok: boolean;
  /** What was measured, for a person; `unknown` where it is not known. */
  readonly measured: string;
  /** The same as a number, with times in microseconds; null where it is none or unknown. */
  readonly value: number | null;
  readonly limit: number | null;
}

/** Judges one assertion. What is not known is never good enough. */
export function judge(assertion: Assertion, facts: CheckedFacts): AssertionResult {
  const { summary } = facts;
  switch (assertion.name) {
    case 'frames':
      return counted(
        assertion.name,
        summary.frames,
        assertion.frames,
        (frames, wanted) => frames === wanted,
        frameCount,
      );
    case 'min-frames':
      return counted(assertion.name, summary.frames, assertion.frames, atLeast, frameCount);
    case 'at-most-frames':
      return counted(assertion.name, summary.frames, assertion.frames, atMost, frameCount);
    case 'min-bytes':
      return counted(assertion.name, summary.bytes.body, assertion.bytes, atLeast, byteCount);
    case 'at-most-bytes':
      return counted(assertion.name, summary.bytes.body, assertion.bytes, atMost, byteCount);
    case 'no-stalls':
      return noneOf(assertion.name, summary.timing?.stalls ?? null, 'stall');
    case 'no-errors':
      return noDiagnostics(assertion.name, 'error', facts);
    case 'no-warnings':
      return noDiagnostics(assertion.name, 'warning', facts);
    case 'ending': {
      const { kind, code, message } = summary.ending;
      const asAsked = facts.stoppedAsAsked && assertion.oneOf.includes('complete');
      return {
        assertion: `--ending ${assertion.oneOf.join(',')}`,
        ok: asAsked || assertion.oneOf.includes(kind) || assertion.oneOf.includes(code),
        measured: `${kind} (${code}): ${message}`,
        value: null,
        limit: null,
      };
    }
    case 'status':
      return worded(assertion.name, assertion.oneOf.join(','), numberText(summary.status), (status) =>
        assertion.oneOf.some((wanted) => status === wanted || (wanted.endsWith('xx') && status[0] === wanted[0])),
      );
    case 'content-type-is':
      return worded(assertion.name, assertion.type, summary.contentType, (type) => type === assertion.type);
    case 'framing-is':
      return worded(assertion.name, assertion.framing, summary.framing, (framing) => framing === assertion.framing);
    case 'dialect-is':
      return worded(assertion.name, assertion.dialect, summary.dialect, (dialect) => dialect === assertion.dialect);
    case 'http-version-is':
      return worded(assertion.name, assertion.version, summary.httpVersion, (version) => version === assertion.version);
    case 'diagnostic':
    case 'no-diagnostic': {
      const found = facts.countOf(assertion.code);
      return {
        assertion: `--${assertion.name} ${assertion.code}`,
        ok: assertion.name === 'diagnostic' ? found > 0 : found === 0,
        measured: found === 0 ? 'not found' : `found ${found === 1 ? 'once' : `${grouped(found)} times`}`,
        value: found,
        limit: null,
      };
    }
    case 'contains':
    case 'not-contains': {
      const found = facts.contains(assertion.text);
      return {
        assertion: `--${assertion.name} ${JSON.stringify(assertion.text)}`,
        ok: found === (assertion.name === 'contains'),
        measured: found ? 'found' : 'not found',
        value: null,
        limit: null,
      };
    }
    default:
      return timed(assertion.name, assertion.limitMicros, facts);
  }
}

function timed(name: TimeAssertion, limitMicros: Micros, facts: CheckedFacts): AssertionResult {
  const { timing } = facts.summary;
  const { read } = timeAssertions[name];
  let { of }: { readonly of: string } = timeAssertions[name];
  let measured = timing === null ? null : read(timing);
  // A stream that hangs until it is given up has its longest gap there.
  if (name === 'max-gap' && facts.lastSilenceMicros !== null && facts.lastSilenceMicros > (measured ?? 0)) {
    of = 'silent until it was over';
    measured = facts.lastSilenceMicros;
  }
  return {
    assertion: `--${name} ${duration(limitMicros)}`,
    ok: measured !== null && measured <= limitMicros,
    measured: measured === null ? `unknown: ${whyUnknown(name, timing === null)}` : `${of}: ${duration(measured)}`,
    value: measured,
    limit: limitMicros,
  };
}

function whyUnknown(name: TimeAssertion, timesUnknown: boolean): string {
  if (timesUnknown) return 'the times of these bytes are not known';
  if (name === 'max-ttft' || name === 'max-ttfo') return 'tokens are known in a dialect of AI streams only';
  return name.startsWith('max-gap') ? 'there are too few frames for a gap' : 'it never came';
}

function counted(
  name: string,
  value: number,
  limit: number,
  holds: (value: number, limit: number) => boolean,
  text: (count: number) => string,
): AssertionResult {
  return { assertion: `--${name} ${grouped(limit)}`, ok: holds(value, limit), measured: text(value), value, limit };
}

function noneOf(name: string, value: number | null, noun: string): AssertionResult {
  const measured = value === null ? 'unknown: the times of these bytes are not known' : plural(value, noun);
  return { assertion: `--${name}`, ok: value === 0, measured, value, limit: 0 };
}

function noDiagnostics(name: string, severity: Severity, { diagnostics, summary }: CheckedFacts): AssertionResult {
  const count = diagnostics[severity];
  const codes = new Set(summary.diagnostics.filter((found) => found.severity === severity).map(({ code }) => code));
  const result = noneOf(name, count, severity);
  return count === 0 ? result : { ...result, measured: `${result.measured}: ${[...codes].join(', ')}` };
}

function worded(
  name: string,
  wanted: string,
  value: string | null,
  holds: (value: string) => boolean,
): AssertionResult {
  return {
    assertion: `--${name} ${wanted}`,
    ok: value !== null && holds(value),
    measured: value ?? 'unknown',
    value: null,
    limit: null,
  };
}

const atLeast = (value: number, limit: number): boolean => value >= limit;
const atMost = (value: number, limit: number): boolean => value <= limit;

function frameCount(frames: number): string {
  return plural(frames, 'frame');
}

function plural(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function numberText(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** What is asserted where nothing is: the stream came whole, and nothing in it is wrong. */
export const defaultAssertions: readonly Assertion[] = [
  { name: 'ending', oneOf: ['complete' satisfies EndingKind] },
  { name: 'no-errors' },
];
