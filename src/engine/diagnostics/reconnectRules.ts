import { grouped } from '../../shared/grouped.ts';
import { counted, quoted, word, type CatalogueRule, type DiagnosticDetails } from './rule.ts';

/** How a stream goes on over several connections. */
export const reconnectRules: readonly CatalogueRule[] = [
  {
    code: 'reconnect/resumed',
    severity: 'info',
    title: 'A later connection went on where the one before had ended',
    advice: 'Nothing to do: the server resumes.',
    isChecked: true,
    sentence: (d) =>
      d['isExact'] === 1
        ? `The server went on with ${quoted(d, 'key', 'its next frame')} right after ${quoted(d, 'from', 'the last one')}.`
        : `The server went on with ${quoted(d, 'key', 'a new frame')} after ${quoted(d, 'from', 'the last one')}; ` +
          'these ids do not count up, so whether anything between them is missing is unknown.',
  },
  {
    code: 'reconnect/not-resumed',
    severity: 'warning',
    title: 'A later connection started over',
    advice: 'Let the server look at Last-Event-ID, or at the position of your resume recipe, and go on behind it.',
    isChecked: true,
    sentence: (d) =>
      `The server started over with ${quoted(d, 'key', 'its first frame')} although it was asked to go on after ${quoted(d, 'from', 'the last one')}.`,
  },
  {
    code: 'reconnect/duplicates',
    severity: 'warning',
    title: 'A later connection repeated frames',
    advice: 'Make the server go on behind the position it is given, or have clients drop ids that they know.',
    isChecked: true,
    sentence: (d) => {
      const which =
        d['count'] === 1
          ? `A frame came again: ${quoted(d, 'firstKey', 'without an id')}.`
          : `${counted(d, 'count', 'frame')} came again, from ${quoted(d, 'firstKey', 'the first')} to ${quoted(d, 'lastKey', 'the last')}.`;
      return `${which}${forgotten(d)}`;
    },
  },
  {
    code: 'reconnect/hole',
    severity: 'error',
    title: 'Frames are missing between two connections',
    advice: 'Let the server keep what it sent until clients can have asked for it again, and resume from there.',
    isChecked: true,
    sentence: (d) =>
      `${counted(d, 'missing', 'frame')} missing: ${word(d, 'key')} follows ${word(d, 'after')}, and these ids count up one by one.`,
  },
  {
    code: 'reconnect/no-position',
    severity: 'info',
    title: 'Connected again without a position to go on from',
    advice: 'Send an id with each event, or name a field of the records to resume from.',
    isChecked: true,
    sentence: () =>
      'No frame before had an id, so the server could not be told where to go on; whether frames are missing or came twice is unknown.',
  },
  {
    code: 'reconnect/refused',
    severity: 'warning',
    title: 'The answer forbids to connect again',
    advice:
      'An EventSource gives up for good on any answer but 200 with text/event-stream; answer 204 to end a stream on purpose.',
    isChecked: true,
    sentence: (d) => {
      const type = d['contentType'];
      if (typeof type !== 'string') return `Answered with status ${word(d, 'status')}, so it was not connected again.`;
      const said = type === '' ? 'no Content-Type' : `the Content-Type “${type}”`;
      return `Answered with ${said} instead of text/event-stream, so it was not connected again.`;
    },
  },
  {
    code: 'reconnect/unsendable-position',
    severity: 'warning',
    title: 'A position that cannot be sent',
    advice: 'Leave control characters out of ids: they cannot stand in a header.',
    isChecked: true,
    sentence: (d) => {
      const why = d['reason'] === undefined ? '' : ` ${String(d['reason'])}`;
      return `The position ${quoted(d, 'position', 'to go on from')} cannot be sent, so it was not connected again.${why}`;
    },
  },
];

function forgotten(details: DiagnosticDetails): string {
  const count = details['forgotten'];
  return typeof count === 'number' && count > 0
    ? ` The oldest ${grouped(count)} ids but the first 100,000 are not known any more; there may be more repetitions.`
    : '';
}
