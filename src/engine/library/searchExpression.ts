import { failed, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { endingKinds, framings, sources, type EpochMillis } from '../../shared/words.ts';

type LineTest = (summary: RecordingSummary) => boolean;

/** A compiled search: every test must hold, and every word must be found in a recording's line or text. */
export interface LibrarySearch {
  readonly tests: readonly LineTest[];
  readonly words: readonly { readonly text: string; readonly negated: boolean }[];
}

interface Word {
  readonly text: string;
  /** Where it begins in the expression. */
  readonly at: number;
  readonly quoted: boolean;
  readonly negated: boolean;
}

/** Each word is looked for in every text. */
const wordsAtMost = 32;
const dayMillis = 86_400_000;
const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1e3,
  kb: 1e3,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1_048_576,
  g: 1e9,
  gb: 1e9,
  gib: 1_073_741_824,
};

const isTests: Readonly<Record<string, LineTest>> = {
  starred: ({ starred }) => starred,
  live: ({ state }) => state === 'live',
  ended: ({ state }) => state === 'ended',
  interrupted: ({ state }) => state === 'interrupted',
  sample: ({ sample }) => sample,
};
const hasTests: Readonly<Record<string, LineTest>> = {
  error: ({ counts, endingKind }) => counts.diagnostics.error > 0 || (endingKind !== null && endingKind !== 'complete'),
  warning: ({ counts }) => counts.diagnostics.warning > 0,
  info: ({ counts }) => counts.diagnostics.info > 0,
  stall: ({ counts }) => counts.stalls > 0,
  note: ({ note }) => note !== null,
  tag: ({ tags }) => tags.length > 0,
};

/** What each name may be followed by, for help and completion; null: any text. */
const searchNames: Readonly<Record<string, readonly string[] | null>> = {
  is: Object.keys(isTests),
  has: Object.keys(hasTests),
  ending: [...endingKinds, 'none'],
  framing: framings,
  source: sources,
  host: null,
  tag: null,
  dialect: null,
  model: null,
  route: null,
  client: null,
  method: null,
  status: null,
  before: null,
  after: null,
};

/**
 * Compiles the library's search: words and `"several words"` to be found in name, address, tags, note, model or text;
 * `host:`, `tag:`, `dialect:`, `model:`, `route:` and `client:` of
 * the proxy, `method:`, `status:404` or `status:5xx`, `is:`, `has:`, `ending:`, `framing:`,
 * `source:` (`searchNames`), `before:` and `after:` a day (`2026-11-21`, `today`, `yesterday`, `7d` ago, local time; `after:`
 * begins with that day), `size>1MB`, `size<20k` on the disk; a leading `-` turns a word round. All must hold.
 */
export function compileSearch(expression: string, now: EpochMillis): Outcome<LibrarySearch> {
  const tests: LineTest[] = [];
  const words: { text: string; negated: boolean }[] = [];
  const split = splitWords(expression);
  if (!split.ok) return split;
  for (const word of split.value) {
    const compiled = word.quoted ? undefined : compileTest(word, now);
    if (compiled === undefined) {
      if (word.text !== '') words.push({ text: word.text, negated: word.negated });
    } else if (compiled.ok) {
      const test = compiled.value;
      tests.push(word.negated ? (summary) => !test(summary) : test);
    } else return compiled;
  }
  return succeeded({ tests, words });
}

function invalid(message: string, at: number): { readonly ok: false; readonly failure: Failure } {
  return failed({ code: 'library/invalid-search', message, data: { at } });
}

const wordForm = /\s*(-(?=\S))?(?:"([^"]*)("|$)|((?:[a-z]+:)?)"([^"]*)("|$)|(\S+))/giy;

/** Words are separated by spaces; quotes, also behind a name, keep spaces together. */
function splitWords(expression: string): Outcome<readonly Word[]> {
  const found: Word[] = [];
  wordForm.lastIndex = 0;
  for (const match of expression.trimEnd().matchAll(wordForm)) {
    const [whole, minus, quotedText, close, name, namedText, namedClose, plain] = match;
    const at = match.index + whole.length - whole.trimStart().length;
    if (close === '' || namedClose === '') {
      return invalid('The quotation mark is never closed: add a " or leave it out.', at);
    }
    const quoted = quotedText !== undefined;
    const text = quotedText ?? plain ?? `${name ?? ''}${namedText ?? ''}`;
    if (found.length === wordsAtMost) return invalid(`A search takes ${String(wordsAtMost)} words at most.`, at);
    found.push({ text, at, quoted, negated: minus !== undefined });
  }
  return succeeded(found);
}

/** Undefined for a word that is just a word. */
function compileTest({ text, at }: Word, now: EpochMillis): Outcome<LineTest> | undefined {
  const size = /^size(>=?|<=?)(.*)$/i.exec(text);
  if (size !== null) return compileSize(size[1] ?? '', size[2] ?? '', at);
  const named = /^([a-z]+):(.*)$/is.exec(text);
  const name = named?.[1]?.toLowerCase() ?? '';
  const given = named?.[2] ?? '';
  // `http://…` and `127.0.0.1:8080` are words.
  if (!Object.hasOwn(searchNames, name)) return undefined;
  const allowed = searchNames[name] ?? null;
  if (given === '')
    return invalid(`Say what after ${name}: ${allowed?.join(', ') ?? examples[name] ?? 'some text'}.`, at);
  const wanted = given.toLowerCase();
  if (allowed !== null && !allowed.includes(wanted)) {
    return invalid(`${name}: knows ${allowed.join(', ')}, not “${given}”.`, at);
  }
  return compileNamed(name, wanted, at, now);
}

const examples: Readonly<Record<string, string>> = {
  host: 'a part of the host, such as api.example.com',
  tag: 'one of your tags',
  status: 'a number such as 404, or 5xx',
  before: 'a day such as 2026-11-21, today or 7d',
  after: 'a day such as 2026-11-21, today or 7d',
};

function compileNamed(name: string, wanted: string, at: number, now: EpochMillis): Outcome<LineTest> {
  switch (name) {
    case 'is':
      return succeeded(isTests[wanted] ?? nothing);
    case 'has':
      return succeeded(hasTests[wanted] ?? nothing);
    case 'ending':
      return succeeded(({ endingKind }) => (endingKind ?? 'none') === wanted);
    case 'framing':
      return succeeded(({ framing }) => framing === wanted);
    case 'source':
      return succeeded(({ source }) => source === wanted);
    case 'host':
      return succeeded(({ url }) => hostOf(url).includes(wanted));
    case 'tag':
      return succeeded(({ tags }) => tags.some((tag) => tag.toLowerCase() === wanted));
    case 'dialect':
      return succeeded(({ dialect }) => dialect?.toLowerCase().startsWith(wanted) === true);
    case 'model':
      return succeeded(({ model }) => model?.toLowerCase().includes(wanted) === true);
    case 'route':
      return succeeded(({ route }) => route?.toLowerCase() === wanted);
    case 'client':
      return succeeded(({ client }) => client?.toLowerCase().includes(wanted) === true);
    case 'method':
      return succeeded(({ method }) => method.toLowerCase() === wanted);
    case 'status':
      return compileStatus(wanted, at);
    default:
      return compileDay(name, wanted, at, now);
  }
}

const nothing: LineTest = () => false;

/** The host with its port as it stands in a URL; empty where there is none. */
function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? '';
}

function compileStatus(wanted: string, at: number): Outcome<LineTest> {
  const form = /^([1-5])(\d\d|xx)$/.exec(wanted);
  if (form === null) return invalid('status: takes a number such as 404, or 5xx.', at);
  const exact = form[2] === 'xx' ? null : Number(wanted);
  return succeeded(({ status }) =>
    exact === null ? status !== null && Math.floor(status / 100) === Number(form[1]) : status === exact,
  );
}

function compileDay(name: string, wanted: string, at: number, now: EpochMillis): Outcome<LineTest> {
  const day = startOfDay(wanted, now);
  if (day === undefined) return invalid(`${name}: takes a day such as 2026-11-21, today, yesterday or 7d.`, at);
  return succeeded(name === 'before' ? ({ startedAt }) => startedAt < day : ({ startedAt }) => startedAt >= day);
}

function startOfDay(wanted: string, now: EpochMillis): EpochMillis | undefined {
  const back = wanted === 'today' ? 0 : wanted === 'yesterday' ? 1 : Number(/^(\d{1,5})d$/.exec(wanted)?.[1] ?? NaN);
  if (!Number.isNaN(back)) {
    const date = new Date(now - back * dayMillis);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  }
  const form = /^(\d{4})-(\d\d)-(\d\d)$/.exec(wanted);
  if (form === null) return undefined;
  const date = new Date(Number(form[1]), Number(form[2]) - 1, Number(form[3]));
  return date.getMonth() === Number(form[2]) - 1 && date.getDate() === Number(form[3]) ? date.getTime() : undefined;
}

function compileSize(operator: string, given: string, at: number): Outcome<LineTest> {
  const form = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(given);
  const unit = sizeUnits[form?.[2]?.toLowerCase() ?? ''];
  if (form === null || unit === undefined) return invalid('size takes a number of bytes such as 200k or 1.5MB.', at);
  const limit = Number(form[1]) * unit;
  const compare: Readonly<Record<string, (bytes: number) => boolean>> = {
    '>': (bytes) => bytes > limit,
    '>=': (bytes) => bytes >= limit,
    '<': (bytes) => bytes < limit,
    '<=': (bytes) => bytes <= limit,
  };
  const holds = compare[operator];
  // A live recording's size on the disk is not looked at: what it received stands for it.
  return succeeded(({ sizeOnDisk, counts }) => holds?.(sizeOnDisk ?? counts.wireBytes) === true);
}
