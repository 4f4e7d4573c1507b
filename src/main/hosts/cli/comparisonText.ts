import { duration } from '../../../engine/recording/verdict.ts';
import type {
  Alignment,
  ComparedFigure,
  ComparedFigureName,
  ComparedFrames,
  ComparedHeader,
  ComparedJson,
  ComparedMessage,
  FrameParting,
  RecordingComparison,
  TextRun,
} from '../../../shared/compare.ts';
import { grouped } from '../../../shared/grouped.ts';
import type { CompareWords } from './compareWords.ts';
import { safeForTerminal, type Palette } from './terminal.ts';

const rowsShown = 20;
const jsonShown = 20;
/** Characters of what both texts have that are shown around a difference. */
const contextChars = 60;
const textChars = 4_000;
const columnWidth = 14;

export interface ToldComparison {
  readonly words: CompareWords;
  readonly comparison: RecordingComparison;
  readonly frames: ComparedFrames;
  readonly json: ComparedJson | null;
  readonly message: ComparedMessage;
  /** The first text of the messages that differs. */
  readonly differingText: { readonly text: number; readonly runs: readonly TextRun[] } | null;
  readonly isSame: boolean;
}

const names: Readonly<Record<ComparedFigureName, string>> = {
  headers: 'headers',
  'first-byte': 'first byte',
  'first-frame': 'first frame',
  ttft: 'TTFT',
  ttfo: 'TTFO',
  'last-content': 'last content',
  end: 'end',
  itl: 'ITL',
  'decode-rate': 'decode tokens/s',
  'end-to-end-rate': 'end-to-end tokens/s',
  tokens: 'output tokens',
  'wire-bytes': 'wire bytes',
  'body-bytes': 'body bytes',
  chunks: 'chunks',
  frames: 'frames',
  'gap-p50': 'gap p50',
  'gap-p90': 'gap p90',
  'gap-p99': 'gap p99',
  'gap-max': 'longest gap',
  stalls: 'stalls',
  errors: 'errors',
  warnings: 'warnings',
  infos: 'infos',
};

const origins: Readonly<Record<Alignment, string>> = {
  start: 'the request',
  'first-byte': 'the first byte',
  frame: 'the first frame',
};

/** The comparison for a person, line by line. */
export function* comparisonText(told: ToldComparison, colours: Palette): Generator<string, void, undefined> {
  const { words, comparison } = told;
  for (const side of ['left', 'right'] as const) {
    const { verdict } = comparison[side];
    const name = safeForTerminal(words[side]);
    yield `${colours.strong(`${side}:`.padEnd(7))}${name}  ${colours.dim(`${verdict.word}: ${safeForTerminal(verdict.sentence)}`)}`;
  }
  yield '';
  yield* figureLines(comparison, colours);
  yield '';
  yield* headLines(comparison, colours);
  yield* frameLines(told, colours);
  yield* messageLines(told, colours);
  yield told.isSame ? colours.good('The frames and the message are the same.') : colours.bad('They are not the same.');
}

function* figureLines({ align, figures }: RecordingComparison, colours: Palette): Generator<string, void, undefined> {
  yield colours.dim(
    ['since ' + origins[align], 'left', 'right', 'difference']
      .map((cell, i) => (i === 0 ? cell.padEnd(21) : cell.padStart(columnWidth)))
      .join(''),
  );
  for (const figure of figures) {
    if (figure.left === null && figure.right === null) continue;
    const cells = [
      valueText(figure, figure.left, figure.isLeftEstimated),
      valueText(figure, figure.right, figure.isRightEstimated),
      differenceText(figure),
    ].map((cell) => cell.padStart(columnWidth));
    const better =
      figure.better === null || figure.better === 'same'
        ? figure.isWithinUncertainty
          ? colours.dim('   within the uncertainty of the clocks')
          : ''
        : `   ${colours.good(`${figure.better} is better`)}`;
    yield `${names[figure.name].padEnd(21)}${cells.join('')}  ${relativeText(figure).padStart(8)}${better}`;
  }
}

function valueText({ unit }: ComparedFigure, value: number | null, isEstimated: boolean): string {
  if (value === null) return '—';
  return `${isEstimated ? '≈' : ''}${amount(unit, value)}`;
}

function amount(unit: ComparedFigure['unit'], value: number): string {
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  switch (unit) {
    case 'moment':
    case 'duration':
      return `${sign}${duration(Math.round(size))}`;
    case 'bytes':
      return `${sign}${grouped(size)} B`;
    case 'count':
      return `${sign}${grouped(size)}`;
    case 'per-second':
      return `${sign}${size.toFixed(1)}/s`;
  }
}

function differenceText({ unit, difference }: ComparedFigure): string {
  if (difference === null) return '—';
  if (difference === 0) return '=';
  return `${difference > 0 ? '+' : ''}${amount(unit, difference)}`;
}

function relativeText({ relative, difference }: ComparedFigure): string {
  if (relative === null || difference === 0) return '';
  const percent = relative * 100;
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent).toFixed(Math.abs(percent) < 9.95 ? 1 : 0)} %`;
}

function* headLines({ head }: RecordingComparison, colours: Palette): Generator<string, void, undefined> {
  const { status, headers, sameHeaders } = head;
  const statuses =
    status.left === status.right
      ? String(status.left ?? '—')
      : `${String(status.left ?? '—')} → ${String(status.right ?? '—')}`;
  yield `${colours.strong('head')}  status ${statuses}, ${grouped(sameHeaders)} headers the same, ${grouped(headers.length)} not`;
  const signs: Readonly<Record<ComparedHeader['kind'], string>> = { added: '+', removed: '-', changed: '~' };
  for (const { name, kind, left, right, isVolatile } of headers) {
    const values = kind === 'changed' ? `${left.join(', ')} → ${right.join(', ')}` : [...left, ...right].join(', ');
    const line = `  ${signs[kind]} ${safeForTerminal(`${name}: ${values}`)}`;
    yield isVolatile ? colours.dim(`${line}  (differs between any two answers)`) : line;
  }
  yield '';
}

function* frameLines({ words, frames, json }: ToldComparison, colours: Palette): Generator<string, void, undefined> {
  const counted = `${grouped(frames.leftFrames)} left, ${grouped(frames.rightFrames)} right`;
  const first = frames.first[words.criterion];
  yield `${colours.strong('frames')}  ${counted}; compared by ${words.criterion}`;
  if (first === null) {
    const exact = frames.first.bytes === null ? 'byte for byte' : `by ${words.criterion}, not byte for byte`;
    yield `  all the same, ${exact}`;
    yield '';
    return;
  }
  yield `  first difference: ${partingText(first)}`;
  const { same, changed, leftOnly, rightOnly, leftBeyond, rightBeyond } = frames;
  yield `  ${grouped(same)} the same, ${grouped(changed)} changed, ${grouped(leftOnly)} only left, ${grouped(rightOnly)} only right`;
  if (frames.pairing === 'place')
    yield '  too little in common to find which frame belongs to which: paired by their place';
  if (leftBeyond + rightBeyond > 0) {
    yield `  not compared one by one: ${grouped(leftBeyond)} left, ${grouped(rightBeyond)} right`;
  }
  for (let i = 0; i < Math.min(rowsShown, frames.left.length); i++) {
    const left = frames.left[i] as number;
    const right = frames.right[i] as number;
    if (left >= 0)
      yield colours.bad(`  - ${grouped(left + 1).padStart(6)}  ${safeForTerminal(frames.leftPreview[i] ?? '')}`);
    if (right >= 0)
      yield colours.good(`  + ${grouped(right + 1).padStart(6)}  ${safeForTerminal(frames.rightPreview[i] ?? '')}`);
  }
  if (frames.total > rowsShown) yield colours.dim(`  and ${grouped(frames.total - rowsShown)} more rows`);
  if (json !== null && json.note === null && json.total > 0) {
    yield `  in the first of them, as JSON:`;
    for (const { path, kind, left, right } of json.differences.slice(0, jsonShown)) {
      const values =
        kind === 'changed'
          ? `${left ?? ''} → ${right ?? ''}`
          : kind === 'added'
            ? `+ ${right ?? ''}`
            : `- ${left ?? ''}`;
      yield `    ${safeForTerminal(path === '' ? '(the whole)' : path)}  ${safeForTerminal(values)}`;
    }
    if (json.total > jsonShown) yield colours.dim(`    and ${grouped(json.total - jsonShown)} more`);
  }
  yield '';
}

function partingText({ left, right }: FrameParting): string {
  const side = (n: number | null, name: string): string =>
    n === null ? `no more ${name}` : `frame ${grouped(n + 1)} ${name}`;
  return `${side(left, 'left')}, ${side(right, 'right')}`;
}

function* messageLines(
  { message, differingText }: ToldComparison,
  colours: Palette,
): Generator<string, void, undefined> {
  if (!message.hasLeft && !message.hasRight) return;
  const { finish, texts } = message;
  const finishes =
    finish.left === finish.right ? (finish.left ?? '—') : `${finish.left ?? '—'} → ${finish.right ?? '—'}`;
  yield `${colours.strong('message')}  finished: ${safeForTerminal(finishes)}`;
  for (const { part, index, isSame, leftLength, rightLength, granularity, leftName, rightName } of texts) {
    const name =
      part === 'arguments'
        ? `call ${grouped(index + 1)} ${leftName ?? '—'}${leftName === rightName ? '' : ` → ${rightName ?? '—'}`}`
        : `${part} ${grouped(index + 1)}`;
    const how = isSame
      ? 'the same'
      : `${length(leftLength)} → ${length(rightLength)} characters, compared by ${granularity}`;
    yield `  ${safeForTerminal(name)}: ${how}`;
  }
  if (message.beyond > 0) yield colours.dim(`  ${grouped(message.beyond)} further texts were not compared`);
  if (differingText !== null) for (const line of textLines(differingText.runs, colours)) yield `  ${line}`;
  yield '';
}

function length(units: number | null): string {
  return units === null ? '—' : grouped(units);
}

/** Differences in their surroundings: `[-removed-]`, `{+added+}`, `…` for what is left out. */
function textLines(runs: readonly TextRun[], colours: Palette): readonly string[] {
  let text = '';
  let shown = 0;
  for (const [i, run] of runs.entries()) {
    if (shown > textChars) {
      text += '…';
      break;
    }
    const piece =
      run.kind === 'same' ? surroundings(run.text, i === 0, i === runs.length - 1) : run.text.slice(0, textChars);
    shown += piece.length;
    const safe = piece.split('\n').map(safeForTerminal).join('\n');
    text +=
      run.kind === 'same' ? safe : run.kind === 'removed' ? colours.bad(`[-${safe}-]`) : colours.good(`{+${safe}+}`);
  }
  return text.split('\n');
}

function surroundings(text: string, isFirst: boolean, isLast: boolean): string {
  if (text.length <= 2 * contextChars + 1) return text;
  const before = isFirst ? '' : text.slice(0, contextChars);
  const after = isLast ? '' : text.slice(-contextChars);
  return `${before}…${after}`;
}
