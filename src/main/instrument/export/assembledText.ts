import type { DialectReader } from '../../../engine/dialects/reader.ts';
import type { Limits } from '../../../shared/limits.ts';
import type { ExportedRecording } from './exportedRecording.ts';
import { dataOf, exportedFrames } from './frameTable.ts';

const pieceCharacters = 1_048_576;

/**
 * What a token stream says: the text of its first answer. Of any other stream the payloads of its frames, each on
 * lines of its own; comments, blank lines and terminators have none.
 * @param reader null where it is no token stream
 */
export function* assembledText(
  exported: ExportedRecording,
  reader: DialectReader | null,
  limits: Limits,
): Generator<string, void, undefined> {
  if (reader !== null) {
    const [first] = [...reader.message.choices.values()].sort((a, b) => a.index - b.index);
    const text = exported.text(first?.text.text ?? '');
    for (let at = 0; at < text.length; at += pieceCharacters) yield text.slice(at, at + pieceCharacters);
    if (text !== '' && !text.endsWith('\n')) yield '\n';
    return;
  }
  for (const frame of exportedFrames(exported, limits)) {
    if (frame.kind === 'comment' || frame.kind === 'blank' || frame.kind === 'terminator') continue;
    const data = dataOf(frame);
    if (frame.framing === 'text') yield data;
    else yield data.endsWith('\n') ? data : `${data}\n`;
  }
}
