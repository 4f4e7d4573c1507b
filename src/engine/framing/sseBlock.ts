import { createParser } from 'eventsource-parser';
import type { FrameFields } from '../../shared/recording.ts';

/** A line of a block that is no field of the standard. */
export interface UnknownField {
  readonly field: string;
  readonly value: string;
}

export interface SseBlock {
  readonly fields: FrameFields;
  readonly unknownFields: readonly UnknownField[];
}

/**
 * Reads the fields of one SSE block: a frame's text, terminated or not.
 *
 * The parser hands over an event's name only with its data, so a block without a data line is read a second time with
 * an empty one added.
 */
export function readBlock(text: string): SseBlock {
  const first = parse(text);
  if (first.data !== undefined) return blockOf(first, first.event, first.data);
  // The name field may be the last line, and unterminated; the blank line that ends the block comes off first.
  const { event } = parse(`${withoutTrailingLineEnds(text)}\ndata\n`);
  return blockOf(first, event, undefined);
}

export function withoutTrailingLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return text.slice(0, end);
}

interface Parsed {
  event?: string | undefined;
  data?: string;
  id?: string;
  retryMs?: number;
  readonly comments: string[];
  readonly unknownFields: UnknownField[];
}

function parse(text: string): Parsed {
  const parsed: Parsed = { comments: [], unknownFields: [] };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      parsed.event = event;
      parsed.data = data;
    },
    onId: (id) => {
      parsed.id = id;
    },
    onRetry: (retryMs) => {
      parsed.retryMs = retryMs;
    },
    onComment: (comment) => parsed.comments.push(comment),
    onError: (error) => {
      if (error.type === 'unknown-field') {
        parsed.unknownFields.push({ field: error.field ?? '', value: error.value ?? '' });
      }
    },
  });
  // The parser takes a byte order mark off whatever it is fed first; inside a stream the mark is a character.
  parser.feed('\n');
  // It holds back or drops a last line without a terminator, so the block is given one, with the blank line after it.
  parser.feed(`${text}\n\n`);
  return parsed;
}

function blockOf(parsed: Parsed, event: string | undefined, data: string | undefined): SseBlock {
  const { id, retryMs, comments, unknownFields } = parsed;
  return {
    fields: {
      ...(event === undefined ? {} : { event }),
      ...(id === undefined ? {} : { id }),
      ...(retryMs === undefined ? {} : { retryMs }),
      ...(data === undefined ? {} : { data }),
      ...(comments.length === 0 ? {} : { comments }),
    },
    unknownFields,
  };
}
