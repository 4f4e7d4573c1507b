import type { Delta } from './delta.ts';
import type { DialectFrame } from './dialect.ts';

/** The end sign that OpenAI began and many copied: no JSON, though it looks like a list. */
const doneSign = '[DONE]';

export function isDone(text: string): boolean {
  return text.startsWith(doneSign) && (text.length === doneSign.length || text.trimEnd() === doneSign);
}

/**
 * What a frame says whose payload is no JSON object, in a dialect of JSON objects: the end sign, a sign of life, or
 * something unknown.
 */
export function decodeOther({ text, event }: DialectFrame, out: Delta[]): void {
  if (isDone(text)) out.push({ type: 'terminator' });
  else if (text.trim() === '') out.push({ type: 'heartbeat' });
  else out.push({ type: 'unknown', name: event === '' ? excerpt(text) : event });
}

const excerptUnits = 40;

function excerpt(text: string): string {
  return text.length <= excerptUnits ? text : `${text.slice(0, excerptUnits)}…`;
}
