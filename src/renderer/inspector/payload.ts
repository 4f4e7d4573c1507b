import type { FrameDetail } from '../../shared/recording.ts';
import { formatBytes } from '../ui/format.ts';
import { formatJson } from '../ui/formatJson.ts';

/** Longer payloads are not laid out on their own: it would stop the window for longer than a key press lasts. */
export const longestFormatted = 2_000_000;

/** A payload as the inspector's JSON view shows it. */
export interface ShownPayload {
  readonly text: string;
  readonly language: 'json' | 'plaintext';
  /** Why the text is shown as it arrived, or only a part of it; null when neither. */
  readonly note: string | null;
}

/** The payload as text: the data of an event, the words of a comment. */
export function payloadText(frame: FrameDetail): string {
  if (frame.text !== '' || frame.fields.comments === undefined) return frame.text;
  return frame.fields.comments.join('\n');
}

export function jsonPayload(frame: FrameDetail): ShownPayload {
  const text = payloadText(frame);
  if (frame.json !== 'valid') {
    const looksLikeJson = /^\s*[[{"]/.test(text);
    return {
      text,
      language: frame.json === 'invalid' && looksLikeJson ? 'json' : 'plaintext',
      note: joined(
        frame.jsonNote ?? (text === '' ? 'This frame carries no payload.' : 'This payload is not JSON.'),
        frame,
      ),
    };
  }
  if (frame.jsonNote !== null || text.length > longestFormatted) {
    const why =
      frame.jsonNote ?? `Not laid out: ${formatBytes(text.length)} of JSON would stop the window for a while.`;
    return { text, language: 'plaintext', note: joined(why, frame) };
  }
  return { text: formatJson(text), language: 'json', note: joined(null, frame) };
}

export function plainPayload(frame: FrameDetail): ShownPayload {
  return { text: payloadText(frame), language: 'plaintext', note: joined(null, frame) };
}

function joined(note: string | null, frame: FrameDetail): string | null {
  if (!frame.textTruncated) return note;
  const part = `Only the beginning of ${formatBytes(frame.length)} is shown; Hex and Raw show all of it.`;
  return note === null ? part : `${note} ${part}`;
}
