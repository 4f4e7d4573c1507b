import { atByte, counted, quoted, word, type CatalogueRule, type DiagnosticDetails } from './rule.ts';

/** What can be wrong with the bytes of a stream as its framing reads them. */
export const framingRules: readonly CatalogueRule[] = [
  {
    code: 'sse/unterminated-event',
    severity: 'warning',
    title: 'The last event has no blank line after it',
    advice:
      'End every event with a blank line: an EventSource throws this one away, some clients show it all the same.',
    isChecked: true,
    sentence: (d) =>
      `The stream ended inside an event of ${counted(d, 'length', 'byte')}${atByte(d)}: no blank line follows it.`,
  },
  {
    code: 'sse/unknown-field',
    severity: 'warning',
    title: 'A line of an event has a field name that nobody reads',
    advice:
      'Only data, event, id and retry are fields, in lower case and without a space before; clients ignore other lines.',
    isChecked: true,
    sentence: (d) =>
      `${quoted(d, 'field', 'An empty name')} is not a field of Server-Sent Events; the line is ignored.`,
  },
  {
    code: 'sse/invalid-retry',
    severity: 'warning',
    title: 'A retry field is not a whole number',
    advice: 'Write the reconnection time in milliseconds with digits only.',
    isChecked: true,
    sentence: (d) =>
      `The retry value ${quoted(d, 'value', 'is empty, which')} is not a number of milliseconds and is ignored.`,
  },
  {
    code: 'sse/id-with-nul',
    severity: 'warning',
    title: 'An id field contains a NUL character',
    advice: 'Leave U+0000 out of event ids: clients ignore such an id and resume from the one before.',
    isChecked: true,
    sentence: (d) => `An event id contains a NUL character${atByte(d)}, so it is ignored.`,
  },
  {
    code: 'sse/no-data',
    severity: 'info',
    title: 'A named event has no data line',
    advice: 'Add a data line, even an empty one, if an EventSource should receive this event.',
    isChecked: true,
    sentence: () => 'This event has a name but no data line, so an EventSource does not hand it to the application.',
  },
  {
    code: 'sse/foreign-text',
    severity: 'warning',
    title: 'Text in an event stream that is no event',
    advice: 'Write every line as field: value; look for an error page or a raw JSON error that was sent in mid-stream.',
    isChecked: true,
    sentence: (d) =>
      `${counted(d, 'length', 'byte')}${atByte(d)} are no Server-Sent Event: ${quoted(d, 'excerpt', 'unreadable text')}.`,
  },
  {
    code: 'ndjson/invalid-json',
    severity: 'error',
    title: 'A line is not JSON',
    advice: 'Write exactly one JSON value on each line, without line breaks inside it.',
    isChecked: true,
    sentence: (d) => `This line is not JSON: ${word(d, 'expected')} was expected${atByte(d)}.`,
  },
  {
    code: 'ndjson/missing-final-newline',
    severity: 'info',
    title: 'The last line has no line end',
    advice: 'End the last record with a line feed too, so that a reader knows that it is whole.',
    isChecked: true,
    sentence: () => 'The last line does not end with a line feed, so a reader cannot know that it is whole.',
  },
  {
    code: 'ndjson/not-an-object',
    severity: 'info',
    title: 'A line holds a JSON value that is not an object',
    advice: 'Nothing to do if the format is meant so; most readers of NDJSON expect an object on each line.',
    isChecked: true,
    sentence: (d) =>
      d['count'] === 1
        ? `One line${atByte(d)} holds a JSON value that is not an object.`
        : `${word(d, 'count')} lines hold a JSON value that is not an object, the first${atByte(d)}.`,
  },
  {
    code: 'json/invalid',
    severity: 'error',
    title: 'Text that is not JSON',
    advice: 'Mend what writes this JSON; the values before and after were read all the same.',
    isChecked: true,
    sentence: (d) => `Not JSON: ${word(d, 'expected')} was expected${atByte(d)}.`,
  },
  {
    code: 'json/truncated',
    severity: 'error',
    title: 'The body ended inside JSON',
    advice: 'The writer stopped early or the transfer was cut: look at the ending and at the log of the server.',
    isChecked: true,
    sentence: (d) =>
      d['length'] === undefined
        ? `The body ended${atByte(d)} where ${word(d, 'expected')} was expected.`
        : `The body ended inside a JSON value that began${atByte(d)}; ${word(d, 'expected')} is missing.`,
  },
  {
    code: 'json/trailing-comma',
    severity: 'error',
    title: 'A comma before a closing bracket',
    advice: 'Leave out the comma after the last element: strict readers refuse the whole text.',
    isChecked: true,
    sentence: (d) => `A comma is followed by a closing bracket${atByte(d)} where ${word(d, 'expected')} was expected.`,
  },
  {
    code: 'json/duplicate-key',
    severity: 'info',
    title: 'An object has a key twice',
    advice: 'Use each key once: readers differ in which value they keep.',
    isChecked: true,
    sentence: (d) => `The key ${quoted(d, 'key', '""')} occurs twice in one object${atByte(d)}.`,
  },
  {
    code: 'json/unsafe-number',
    severity: 'info',
    title: 'An integer too large for a double',
    advice: 'Send large numbers such as ids as strings: JavaScript rounds integers beyond 9,007,199,254,740,991.',
    isChecked: true,
    sentence: (d) => `The integer ${word(d, 'digits')}${atByte(d)} is rounded by readers that use doubles.`,
  },
  {
    code: 'json/too-deep',
    severity: 'info',
    title: 'JSON nested beyond the limit',
    advice: 'It is shown as raw text; raise the limit in the settings to see it as a tree.',
    isChecked: true,
    sentence: (d) => `This JSON is nested deeper than ${counted(d, 'limit', 'level')}, so it is shown as raw text.`,
  },
  {
    code: 'json/too-large',
    severity: 'info',
    title: 'JSON larger than the limit',
    advice: 'It is kept but not parsed; raise the limit in the settings to have it checked.',
    isChecked: true,
    sentence: (d) =>
      `This JSON has ${counted(d, 'bytes', 'byte')}, more than the limit of ${word(d, 'limit')}, so it was not checked.`,
  },
  {
    code: 'json/nothing-at-path',
    severity: 'warning',
    title: 'Nothing lies at the JSON path',
    advice:
      'Choose another path in the menu of the framing: names as the body has them, upper and lower case included.',
    isChecked: true,
    sentence: () => 'No JSON text of this body has anything at the path that was given, so there are no elements.',
  },
  {
    code: 'json-seq/missing-separator',
    severity: 'warning',
    title: 'A JSON text without its record separator',
    advice: 'Begin every text with the byte 0x1E.',
    isChecked: true,
    sentence: (d) => `The text${atByte(d)} does not begin with a record separator, so readers pass over it.`,
  },
  {
    code: 'json-seq/truncated-text',
    severity: 'error',
    title: 'A JSON text of a sequence was cut off',
    advice: 'The writer stopped inside this text; the next one begins at the next separator.',
    isChecked: true,
    sentence: (d) => `The JSON text${atByte(d)} was cut off where ${word(d, 'expected')} was expected.`,
  },
  {
    code: 'aws/bad-prelude-crc',
    severity: 'error',
    title: 'A message head that is none',
    advice: 'Something changed or lost bytes on the way, or this is no AWS event stream; the next head was looked for.',
    isChecked: true,
    sentence: (d) => `No message begins${atByte(d)}: ${reason(d)}. Passed over: ${counted(d, 'length', 'byte')}.`,
  },
  {
    code: 'aws/bad-message-crc',
    severity: 'error',
    title: 'The checksum of a message is wrong',
    advice: 'Something changed the bytes on the way; what the message says cannot be relied on.',
    isChecked: true,
    sentence: (d) =>
      `The checksum of the message${atByte(d)} is ${word(d, 'sent')}, that of its bytes ${word(d, 'computed')}.`,
  },
  {
    code: 'aws/invalid-headers',
    severity: 'error',
    title: 'The headers of a message cannot be read',
    advice: 'The checksums fit, so the writer sent it like this: mend what writes the headers.',
    isChecked: true,
    sentence: (d) => `The headers of this message cannot be read${atByte(d)}: ${reason(d)}.`,
  },
  {
    code: 'aws/truncated-message',
    severity: 'error',
    title: 'The body ended inside a message',
    advice: 'The writer stopped early or the transfer was cut: look at the ending and at the log of the server.',
    isChecked: true,
    sentence: (d) => `The body ended ${counted(d, 'length', 'byte')} into the message${atByte(d)}; ${reason(d)}.`,
  },
  {
    code: 'multipart/missing-boundary',
    severity: 'error',
    title: 'A multipart body without a delimiter line',
    advice: 'Begin each part with a line of two dashes and the boundary that the Content-Type declares.',
    isChecked: true,
    sentence: (d) =>
      d['declared'] === undefined
        ? 'No line of this body begins with two dashes and a boundary, so it has no parts.'
        : `No line of this body is the boundary ${quoted(d, 'declared', '')} after two dashes, so it has no parts.`,
  },
  {
    code: 'multipart/boundary-mismatch',
    severity: 'warning',
    title: 'Another boundary than the declared one',
    advice: 'Declare the boundary without the two dashes that every delimiter line begins with, exactly as it is sent.',
    isChecked: true,
    sentence: (d) =>
      `The Content-Type declares the boundary ${quoted(d, 'declared', '')}, but the parts are divided by ${quoted(d, 'used', 'another')}.`,
  },
  {
    code: 'multipart/invalid-header',
    severity: 'warning',
    title: 'Headers of a part that cannot be read',
    advice: 'Write one name: value pair on each line, and a blank line between the headers and the body.',
    isChecked: true,
    sentence: (d) => `The headers of a part cannot be read${atByte(d)}: ${reason(d)}.`,
  },
  {
    code: 'multipart/wrong-length',
    severity: 'warning',
    title: 'The Content-Length of a part is wrong',
    advice: 'Count the bytes of the body without the line break before the next delimiter, or leave the header out.',
    isChecked: true,
    sentence: (d) =>
      `The Content-Length of a part says ${counted(d, 'said', 'byte')}, but ${word(d, 'found')} came before the next delimiter.`,
  },
  {
    code: 'multipart/text-after-boundary',
    severity: 'warning',
    title: 'Text after the boundary on a delimiter line',
    advice: 'End the line after the boundary; a longer boundary that begins like this one has to be another.',
    isChecked: true,
    sentence: (d) => `On the delimiter line${atByte(d)} something follows the boundary.`,
  },
  {
    code: 'multipart/after-close',
    severity: 'warning',
    title: 'A part after the closing delimiter',
    advice: 'Write the delimiter with two dashes at its end only once, after the last part: readers stop there.',
    isChecked: true,
    sentence: (d) => `A part begins${atByte(d)}, after the delimiter that closes the body.`,
  },
  {
    code: 'multipart/truncated-part',
    severity: 'warning',
    title: 'The body ended inside a part',
    advice:
      'Give each part a Content-Length, or close the body with its final delimiter, so that a last part is known to be whole.',
    isChecked: true,
    sentence: (d) =>
      `The body ended ${counted(d, 'length', 'byte')} into the part${atByte(d)}: neither a delimiter nor its length ends it.`,
  },
  {
    code: 'multipart/missing-close',
    severity: 'info',
    title: 'No closing delimiter',
    advice: 'End a body of known length with the boundary and two dashes more; an endless one of pictures has none.',
    isChecked: true,
    sentence: () => 'The last part is whole, but no closing delimiter follows it.',
  },
  {
    code: 'utf8/invalid',
    severity: 'error',
    title: 'Bytes that are not UTF-8',
    advice: 'Send UTF-8; readers show U+FFFD in the place of such bytes and what was meant is lost.',
    isChecked: true,
    sentence: (d) => `${counted(d, 'length', 'byte')}${atByte(d)} ${d['length'] === 1 ? 'is' : 'are'} not UTF-8.`,
  },
  {
    code: 'utf8/truncated',
    severity: 'warning',
    title: 'The body ended inside a character',
    advice: 'The writer stopped early or counts characters where it should count bytes.',
    isChecked: true,
    sentence: (d) => `The body ended inside a character, after ${counted(d, 'length', 'byte')} of it.`,
  },
  {
    code: 'text/bom-inside',
    severity: 'warning',
    title: 'A byte order mark inside the body',
    advice:
      'Only the very first three bytes of a body may be a byte order mark; look for files that were put together.',
    isChecked: true,
    sentence: (d) =>
      `There is a byte order mark${atByte(d)}, in the middle of the body, where it is no mark but a character.`,
  },
];

/** Why bytes were not understood, as their framing said it. */
function reason(details: DiagnosticDetails): string {
  const said = details['reason'];
  return typeof said === 'string' ? said : 'nothing tells why';
}
