/** Keeps the end of what a process writes, for a person to read after it failed. */
export interface LogTail {
  push(piece: Uint8Array): void;
  /** Whole lines, as far as they are kept. */
  text(): string;
  clear(): void;
}

export function createLogTail(limitBytes: number): LogTail {
  let kept: Uint8Array[] = [];
  let length = 0;
  let cut = false;
  return {
    push(piece) {
      kept.push(piece);
      length += piece.length;
      while (length > limitBytes) {
        const [first] = kept;
        if (first === undefined) return;
        const surplus = length - limitBytes;
        if (first.length <= surplus) kept.shift();
        else kept[0] = first.subarray(surplus);
        length -= Math.min(first.length, surplus);
        cut = true;
      }
    },
    text() {
      const text = new TextDecoder().decode(Buffer.concat(kept));
      return cut ? text.slice(text.indexOf('\n') + 1) : text;
    },
    clear() {
      kept = [];
      length = 0;
      cut = false;
    },
  };
}
