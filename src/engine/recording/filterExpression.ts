import { RE2JS, RE2JSException } from 're2js';
import { failed, succeeded, type Failure, type Outcome } from '../../shared/failure.ts';
import { deltaKinds, frameFlag, frameKinds, type Severity } from '../../shared/words.ts';

/** The columns of one frame that an expression may ask about. */
export interface FilterSubject {
  readonly kind: number;
  readonly flags: number;
  readonly type: string;
  readonly length: number;
  /** −1 where unknown or for the first frame. */
  readonly gapMicros: number;
  readonly chunk: number;
  /** Code of `deltaKinds`; 0 for a frame that says nothing in a dialect. */
  readonly delta: number;
  /** Whether something of this severity is known of it. */
  readonly found: (severity: Severity) => boolean;
}

type ColumnTest = (subject: FilterSubject) => boolean;
type TextTest = (text: string) => boolean;

/** A compiled filter: all of its tests must hold. Text is asked for only when the columns' tests held. */
export interface FrameFilter {
  readonly columnTests: readonly ColumnTest[];
  readonly textTests: readonly TextTest[];
  /** Some test asks what frames say in their dialect. */
  readonly asksForDeltas: boolean;
  /** Some test asks for a frame's flags, which may change after the frame was found. */
  readonly asksForFlags: boolean;
}

interface Word {
  readonly text: string;
  /** Where it begins in the expression. */
  readonly at: number;
  readonly quoted: boolean;
}

const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1000,
  kb: 1000,
  kib: 1024,
  m: 1e6,
  mb: 1e6,
  mib: 1_048_576,
};
const timeUnits: Readonly<Record<string, number>> = { '': 1000, us: 1, µs: 1, ms: 1000, s: 1e6, m: 60e6 };

const hasTests: Readonly<Record<string, ColumnTest>> = {
  error: (subject) => (subject.flags & frameFlag.hasError) !== 0,
  warning: (subject) => (subject.flags & frameFlag.hasDiagnostic) !== 0 && subject.found('warning'),
  info: (subject) => (subject.flags & frameFlag.hasDiagnostic) !== 0 && subject.found('info'),
  diagnostic: (subject) => (subject.flags & frameFlag.hasDiagnostic) !== 0,
  stall: (subject) => (subject.flags & frameFlag.afterStall) !== 0,
  id: (subject) => (subject.flags & frameFlag.hasId) !== 0,
};

/**
 * Compiles the filter box's language: words and `"quoted words"` to be found in the payload (any case), `/regex/i`,
 * `type:` (an event name, a record type or a kind), `delta:` (what a frame of a token stream says: `delta:text`), `size>1k`, `size<200`, `gap>200ms`, `gap<1s`, `chunk:12` (the first chunk is 1, as everywhere people read numbers),
 * `has:error|warning|info|diagnostic|stall|id`; a leading `-` turns a test round; all tests must hold.
 */
export function compileFilter(expression: string): Outcome<FrameFilter> {
  const columnTests: ColumnTest[] = [];
  const textTests: TextTest[] = [];
  let asksForDeltas = false;
  let asksForFlags = false;
  const wordsFound = splitWords(expression);
  if (!wordsFound.ok) return wordsFound;
  for (const word of wordsFound.value) {
    const negated = !word.quoted && word.text.length > 1 && word.text.startsWith('-');
    const text = negated ? word.text.slice(1) : word.text;
    const compiled = word.quoted ? succeeded<CompiledWord>({ text: contains(text) }) : compileWord(text, word.at);
    if (!compiled.ok) return compiled;
    const { column, text: textTest } = compiled.value;
    asksForDeltas ||= compiled.value.asksForDeltas === true;
    asksForFlags ||= compiled.value.asksForFlags === true;
    if (column !== undefined) columnTests.push(negated ? (subject) => !column(subject) : column);
    if (textTest !== undefined) textTests.push(negated ? (payload) => !textTest(payload) : textTest);
  }
  return succeeded({ columnTests, textTests, asksForDeltas, asksForFlags });
}

function invalid(message: string, at: number): { readonly ok: false; readonly failure: Failure } {
  return failed({ code: 'filter/invalid', message, data: { at } });
}

/** Words are separated by spaces; quotes and slashes keep spaces together. */
function splitWords(expression: string): Outcome<readonly Word[]> {
  const found: Word[] = [];
  let i = 0;
  while (i < expression.length) {
    if (/\s/.test(expression.charAt(i))) {
      i++;
      continue;
    }
    const at = i;
    if (expression[i] === '"') {
      const close = expression.indexOf('"', i + 1);
      if (close < 0) return invalid('The quotation mark is never closed: add a " or leave it out.', at);
      found.push({ text: expression.slice(i + 1, close), at, quoted: true });
      i = close + 1;
      continue;
    }
    const regexAt = expression[i] === '-' ? i + 1 : i;
    if (expression[regexAt] === '/') {
      const close = closingSlash(expression, regexAt + 1);
      if (close < 0) return invalid('The regular expression is never closed: add a / at its end.', at);
      i = close + 1;
      while (i < expression.length && /[a-z]/i.test(expression.charAt(i))) i++;
    } else {
      while (i < expression.length && !/\s/.test(expression.charAt(i))) i++;
    }
    found.push({ text: expression.slice(at, i), at, quoted: false });
  }
  return succeeded(found);
}

function closingSlash(expression: string, from: number): number {
  for (let i = from; i < expression.length; i++) {
    if (expression[i] === '\\') i++;
    else if (expression[i] === '/') return i;
  }
  return -1;
}

interface CompiledWord {
  readonly column?: ColumnTest;
  readonly text?: TextTest;
  readonly asksForDeltas?: boolean;
  readonly asksForFlags?: boolean;
}

function contains(needle: string): TextTest {
  const lower = needle.toLowerCase();
  return (text) => text.toLowerCase().includes(lower);
}

function compileWord(word: string, at: number): Outcome<CompiledWord> {
  const regex = /^\/(.+)\/([a-z]*)$/is.exec(word);
  if (regex !== null) return compileRegex(regex[1] ?? '', regex[2] ?? '', at);
  const colon = /^(type|delta|has|chunk):(.*)$/i.exec(word);
  if (colon !== null) return compileNamed((colon[1] ?? '').toLowerCase(), colon[2] ?? '', at);
  const comparison = /^(size|gap)(>=|<=|>|<)(.*)$/i.exec(word);
  if (comparison !== null) {
    return compileComparison((comparison[1] ?? '').toLowerCase(), comparison[2] ?? '', comparison[3] ?? '', at);
  }
  return succeeded({ text: contains(word) });
}

const regexFlags: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
  // One match is all that is asked for, and text is always Unicode.
  g: 0,
  u: 0,
  v: 0,
  y: 0,
  d: 0,
};

/** The expression is the user's and the text a stranger's, so it is matched in linear time, as RE2 does. */
function compileRegex(source: string, flags: string, at: number): Outcome<CompiledWord> {
  let bits = 0;
  for (const flag of flags) {
    const bit = regexFlags[flag];
    if (bit === undefined)
      return invalid(`There is no flag ${flag} of a regular expression; there are i, m and s.`, at);
    bits |= bit;
  }
  try {
    const pattern = RE2JS.compile(RE2JS.translateRegExp(source), bits);
    return succeeded({ text: (text) => pattern.test(text) });
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    if (/\(\?<?[=!]|\\[1-9]|\\k</.test(source)) {
      const message =
        'Filters have no lookaround and no references back to a group: they could take longer than any stream. Leave them out, or use a second word.';
      return invalid(message, at);
    }
    const reason = error.message.replace(/^error parsing regexp: /, '');
    return invalid(`This is not a regular expression: ${reason}.`, at);
  }
}

function compileNamed(name: string, value: string, at: number): Outcome<CompiledWord> {
  if (name === 'type') {
    if (value === '') return invalid('type: wants an event name, a record type or a kind, as in type:comment.', at);
    const wanted = value.toLowerCase();
    const kind = (frameKinds as readonly string[]).indexOf(wanted);
    return succeeded({ column: (subject) => subject.kind === kind || subject.type.toLowerCase() === wanted });
  }
  if (name === 'delta') {
    const wanted = (deltaKinds as readonly string[]).indexOf(value.toLowerCase());
    if (wanted < 0) return invalid(`delta: knows ${deltaKinds.join(', ')}; not “${value}”.`, at);
    return succeeded({ column: (subject) => subject.delta === wanted, asksForDeltas: true });
  }
  if (name === 'has') {
    const test = Object.hasOwn(hasTests, value.toLowerCase()) ? hasTests[value.toLowerCase()] : undefined;
    if (test === undefined) return invalid(`has: knows ${Object.keys(hasTests).join(', ')}; not “${value}”.`, at);
    return succeeded({ column: test, asksForFlags: true });
  }
  const chunk = /^\d+$/.test(value) ? Number(value) : NaN;
  if (Number.isNaN(chunk)) return invalid('chunk: wants the number of a chunk, as in chunk:12.', at);
  return succeeded({ column: (subject) => subject.chunk === chunk - 1 });
}

function compileComparison(name: string, operator: string, amount: string, at: number): Outcome<CompiledWord> {
  const parts = /^(\d+(?:\.\d+)?)([a-zµ]*)$/i.exec(amount);
  const units = name === 'size' ? sizeUnits : timeUnits;
  const unit = (parts?.[2] ?? '').toLowerCase();
  const scale = Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (parts === null || scale === undefined) {
    const example = name === 'size' ? 'size>2k (units: b, k, kib, m, mib)' : 'gap>200ms (units: us, ms, s, m)';
    return invalid(`${name}${operator} wants a number, as in ${example}.`, at);
  }
  const limit = Number(parts[1]) * scale;
  const valueOf = (subject: FilterSubject): number => (name === 'size' ? subject.length : subject.gapMicros);
  const known = (subject: FilterSubject): boolean => valueOf(subject) >= 0;
  switch (operator) {
    case '>':
      return succeeded({ column: (subject) => known(subject) && valueOf(subject) > limit });
    case '<':
      return succeeded({ column: (subject) => known(subject) && valueOf(subject) < limit });
    case '>=':
      return succeeded({ column: (subject) => known(subject) && valueOf(subject) >= limit });
    default:
      return succeeded({ column: (subject) => known(subject) && valueOf(subject) <= limit });
  }
}
