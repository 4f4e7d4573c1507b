import { Option, type Command } from 'commander';
import { endingKinds, framings } from '../../../shared/words.ts';
import { catalogue } from '../../../engine/diagnostics/catalogue.ts';
import { endingKindOf } from '../../capture/endings.ts';
import type { Assertion, TimeAssertion } from './assertions.ts';
import { knownDialect } from './dialectWord.ts';
import { UsageError } from './exitCodes.ts';
import { nearest } from '../../../shared/nearest.ts';
import { byteNumber, micros, wholeNumber } from './quantities.ts';

/** @returns what was asserted, in the order of the command line */
export function addAssertionOptions(command: Command): () => readonly Assertion[] {
  const assertions: Assertion[] = [];
  const group = 'Assertions';
  const add = (flags: string, description: string, read: (value: string, option: string) => Assertion): Option => {
    const option = new Option(flags, description).helpGroup(`${group}:`);
    const name = flags.split(' ')[0] ?? flags;
    option.argParser((value) => {
      assertions.push(read(value, name));
      return undefined;
    });
    command.addOption(option);
    return option;
  };
  const time = (name: TimeAssertion, description: string): void => {
    add(`--${name} <time>`, description, (value, option) => ({ name, limitMicros: micros(value, option) }));
  };
  time('max-headers', 'the response head came within this time');
  time('max-first-byte', 'the first byte of the body came within this time');
  time('max-first-frame', 'the first frame came within this time');
  time('max-ttft', 'the first token came within this time');
  time('max-ttfo', 'the first token of the answer, after the reasoning, came within this time');
  time('max-gap', 'no gap between frames is longer');
  time('max-gap-p99', '99 of 100 gaps are no longer');
  time('max-duration', 'it was over within this time');
  const frames = (name: 'frames' | 'min-frames' | 'at-most-frames', description: string): void => {
    add(`--${name} <n>`, description, (value, option) => ({ name, frames: wholeNumber(value, option) }));
  };
  frames('min-frames', 'at least n frames');
  frames('at-most-frames', 'at most n frames (--max-frames stops there instead)');
  frames('frames', 'exactly n frames');
  add('--min-bytes <n>', 'at least n bytes of body', (value, option) => ({
    name: 'min-bytes',
    bytes: byteNumber(value, option),
  }));
  add('--at-most-bytes <n>', 'at most n bytes of body (--max-bytes stops there instead)', (value, option) => ({
    name: 'at-most-bytes',
    bytes: byteNumber(value, option),
  }));
  add('--ending <kinds>', 'it ended as one of these: complete, cut, … or a code such as end/reset', (value) => ({
    name: 'ending',
    oneOf: value.split(',').map((word) => knownEnding(word.trim())),
  }));
  add('--status <codes>', 'the status is one of these: 200, 2xx, 200,204', (value) => ({
    name: 'status',
    oneOf: value.split(',').map((word) => knownStatus(word.trim())),
  }));
  add('--content-type-is <type>', 'the media type, without parameters', (value) => ({
    name: 'content-type-is',
    type: value.trim().toLowerCase(),
  }));
  add('--framing-is <name>', 'the framing that was found', (value) => ({
    name: 'framing-is',
    framing: knownFraming(value),
  }));
  add('--dialect-is <name>', 'the dialect that was found', (value) => ({
    name: 'dialect-is',
    dialect: knownDialect(value, '--dialect-is'),
  }));
  add('--http-version-is <version>', '1.0, 1.1 or 2', (value) => ({ name: 'http-version-is', version: value }));
  add('--diagnostic <code>', 'this diagnostic was raised', (value) => ({ name: 'diagnostic', code: knownCode(value) }));
  add('--no-diagnostic <code>', 'this diagnostic was not raised', (value) => ({
    name: 'no-diagnostic',
    code: knownCode(value),
  }));
  add('--contains <text>', 'the body holds this text', (value) => ({ name: 'contains', text: value }));
  add('--not-contains <text>', 'the body does not hold this text', (value) => ({ name: 'not-contains', text: value }));
  const plain = (name: 'no-errors' | 'no-warnings' | 'no-stalls', description: string): void => {
    command.addOption(new Option(`--${name}`, description).helpGroup(`${group}:`));
    command.on(`option:${name}`, () => {
      assertions.push({ name });
    });
  };
  plain('no-errors', 'no diagnostic of severity error');
  plain('no-warnings', 'no diagnostic of severity warning');
  plain('no-stalls', 'no stall');
  return () => assertions;
}

function knownEnding(word: string): string {
  const known: readonly string[] = [...endingKinds, ...Object.keys(endingKindOf)];
  if (known.includes(word)) return word;
  throw new UsageError(`--ending: nothing ends as ${JSON.stringify(word)}.${suggestion(word, known)}`);
}

/** A misspelled code would always be absent, which is what is asserted. */
function knownCode(word: string): string {
  const known = catalogue.map(({ code }) => code);
  if (known.includes(word)) return word;
  const meant = nearest(word, known);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  throw new UsageError(`There is no diagnostic ${JSON.stringify(word)}.${hint}`);
}

function knownStatus(word: string): string {
  if (/^[1-5](?:\d\d|xx)$/i.test(word)) return word.toLowerCase();
  throw new UsageError(`--status wants numbers such as 200 or 2xx, not ${JSON.stringify(word)}.`);
}

function knownFraming(word: string): (typeof framings)[number] {
  const framing = framings.find((known) => known === word);
  if (framing !== undefined) return framing;
  throw new UsageError(`--framing-is: there is no framing ${JSON.stringify(word)}. There are ${framings.join(', ')}.`);
}

function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known);
  return meant === null
    ? ` There are ${endingKinds.join(', ')} and codes such as end/reset.`
    : ` Did you mean ${meant}?`;
}
