import { headerValue } from '../../shared/headerValue.ts';
import type { ResponseHead } from '../../shared/recording.ts';
import type { Framing } from '../../shared/words.ts';
import type { DiagnosticDetails } from './catalogue.ts';

/** A rule that fired on a response head. */
export interface HeadFinding {
  readonly code: string;
  readonly details: DiagnosticDetails;
}

/** Judges a response head on its own: an error status. */
export function judgeStatus(head: ResponseHead): readonly HeadFinding[] {
  if (head.status < 400) return [];
  return [{ code: 'http/status', details: { status: head.status, statusText: head.statusText } }];
}

/** Judges a head once the framing is known: what may buffer, cache or hide a stream. Only for what is a stream. */
export function judgeStreamHead(head: ResponseHead, framing: Framing): readonly HeadFinding[] {
  const findings: HeadFinding[] = [];
  if (head.status >= 400) return findings;
  const isStream = framing === 'sse' || framing === 'ndjson' || framing === 'json-seq' || framing === 'aws-eventstream';
  if (!isStream) return findings;
  const cacheControl = headerValue(head.headers, 'cache-control')?.toLowerCase() ?? '';
  if (framing === 'sse' && !/\bno-(cache|store)\b/.test(cacheControl)) {
    findings.push({ code: 'head/sse-cacheable', details: { cacheControl } });
  }
  const coding = headerValue(head.headers, 'content-encoding');
  if (coding !== null && coding.toLowerCase() !== 'identity') {
    findings.push({ code: 'head/compressed-stream', details: { coding } });
  }
  const length = headerValue(head.headers, 'content-length');
  if (framing === 'sse' && length !== null)
    findings.push({ code: 'head/content-length-on-stream', details: { length } });
  const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(headerValue(head.headers, 'content-type') ?? '')?.[1];
  if (framing === 'sse' && charset !== undefined && charset.toLowerCase() !== 'utf-8') {
    findings.push({ code: 'head/charset-ignored', details: { charset } });
  }
  if (head.httpVersion === '1.0') findings.push({ code: 'head/http1.0-stream', details: {} });
  const viaNginx = /nginx/i.test(headerValue(head.headers, 'server') ?? '');
  if (viaNginx && headerValue(head.headers, 'x-accel-buffering') === null) {
    findings.push({ code: 'head/accel-buffering-missing', details: {} });
  }
  return findings;
}
