/**
 * Reads a stream of JSON values, one a line. Blank lines are skipped; `heard` is called for every piece that arrives.
 * Ends the stream when the reader leaves early.
 */
export async function* jsonLines(stream: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line !== '') yield JSON.parse(line) as unknown;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
