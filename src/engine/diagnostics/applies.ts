import type { Framing } from '../../shared/words.ts';

/** What there is of a recording that rules could look at. */
export interface JudgedParts {
  /** Null before it is decided. */
  readonly framing: Framing | null;
  readonly hasHead: boolean;
  /** The body came coded, as gzip or the like. */
  readonly isCoded: boolean;
  readonly timesKnown: boolean;
  readonly isImported: boolean;
  readonly isProxied: boolean;
  readonly followsConnections: boolean;
  readonly hasDialect: boolean;
}

const jsonFramings: ReadonlySet<Framing | null> = new Set(['json', 'ndjson', 'json-seq']);

/** Whether a rule has anything to look at in a recording; one that has not is neither kept nor broken. */
export function ruleApplies(code: string, parts: JudgedParts): boolean {
  const area = code.slice(0, code.indexOf('/'));
  switch (area) {
    case 'sse':
    case 'ndjson':
    case 'json-seq':
    case 'multipart':
      return parts.framing === area;
    case 'aws':
      return parts.framing === 'aws-eventstream';
    case 'json':
      return jsonFramings.has(parts.framing);
    case 'utf8':
    case 'text':
      return parts.framing !== null && parts.framing !== 'aws-eventstream';
    case 'http':
    case 'head':
      return parts.hasHead;
    case 'end':
      return code.startsWith('end/coding-') || code === 'end/decoding-limit' ? parts.isCoded : !parts.isImported;
    case 'timing':
      return parts.timesKnown;
    case 'reconnect':
      return parts.followsConnections;
    case 'proxy':
      return parts.isProxied;
    case 'import':
      return parts.isImported;
    case 'ai':
      return parts.hasDialect;
    default:
      return parts.framing !== null;
  }
}
