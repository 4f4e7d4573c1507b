/** What an SSE block says, as far as a dialect reads it. */
export interface SseContents {
  event: string;
  /** Null where the block has no data line. */
  data: string | null;
}

/**
 * Reads event name and data of one SSE block (HTML Standard §9.2.6) into `contents`.
 *
 * The same answer as `framing/sseBlock.ts` gives, which reads every field for a person; this one is in the way of every
 * frame of a live stream.
 */
export function readSseContents(block: string, contents: SseContents): void {
  const lastEvent = contents.event;
  contents.event = '';
  contents.data = null;
  const length = block.length;
  let nextCr = block.indexOf('\r');
  let from = 0;
  while (from < length) {
    const lf = block.indexOf('\n', from);
    if (nextCr >= 0 && nextCr < from) nextCr = block.indexOf('\r', from);
    let to = lf < 0 ? length : lf;
    if (nextCr >= 0 && nextCr < to) to = nextCr;
    if (to > from) readLine(block, from, to, lastEvent, contents);
    from = to + 1;
  }
}

const colon = 58;
const space = 32;

function readLine(block: string, from: number, to: number, lastEvent: string, contents: SseContents): void {
  const isData = isField(block, from, to, 'data');
  if (!isData && !isField(block, from, to, 'event')) return;
  let valueFrom = from + (isData ? 5 : 6);
  if (valueFrom < to && block.charCodeAt(valueFrom) === space) valueFrom++;
  if (!isData) {
    // Most events have the name of the one before, which need not be made again.
    const isSame = to - valueFrom === lastEvent.length && block.startsWith(lastEvent, valueFrom);
    contents.event = isSame ? lastEvent : block.slice(valueFrom, Math.max(valueFrom, to));
    return;
  }
  const value = valueFrom >= to ? '' : block.slice(valueFrom, to);
  if (contents.data === null) contents.data = value;
  else contents.data += `\n${value}`;
}

function isField(block: string, from: number, to: number, name: 'data' | 'event'): boolean {
  if (!block.startsWith(name, from)) return false;
  const after = from + name.length;
  return after >= to ? after === to : block.charCodeAt(after) === colon;
}
