import { grouped } from '../../../shared/grouped.ts';
import { duration } from '../../../engine/recording/verdict.ts';
import { errorText } from './prettyDeltas.ts';
import type { SummaryLine } from './summaryLine.ts';
import { safeForTerminal, type Palette } from './terminal.ts';

type Ai = NonNullable<SummaryLine['ai']>;
type Answer = Pick<Ai, 'text' | 'reasoning' | 'refusal' | 'toolCalls' | 'finishReason'>;

/** Characters of one text that are shown; the summary has all of it. */
const shownUnits = 16_384;

/** The message of a token stream as it was put together, for the end of a target. */
export function prettyMessage(summary: SummaryLine, colours: Palette): string {
  const { ai, dialect, timing } = summary;
  if (ai === null) return '';
  const named = [dialect, ai.model, ai.id].filter((part) => part !== null).map(safeForTerminal);
  const lines = ['', `${colours.strong('Message')} ${colours.dim(named.join(' · '))}`];
  addAnswer(lines, ai, colours);
  for (const other of ai.others) {
    lines.push(colours.dim(`  answer ${String(other.index)}:`));
    addAnswer(lines, other, colours);
  }
  for (const tool of ai.serverTools) {
    const name = safeForTerminal(tool.name ?? tool.type);
    lines.push(`  ${colours.dim('run by the provider:')} ${name} ${oneLine(tool.arguments)}`);
  }
  for (const error of ai.errors) lines.push(`  ${colours.bad('error:')} ${errorText(error.code, error.message)}`);
  const facts = [...finishOf(ai), ...tokensOf(ai), ...timesOf(timing)];
  if (facts.length > 0) lines.push(colours.dim(`  ${facts.join(' · ')}`));
  return `${lines.join('\n')}\n\n`;
}

function addAnswer(lines: string[], answer: Answer, colours: Palette): void {
  if (answer.reasoning !== '') lines.push(...block(answer.reasoning).map((line) => colours.dim(`  │ ${line}`)));
  if (answer.text !== '') lines.push(...block(answer.text).map((line) => `  ${line}`));
  if (answer.refusal !== null) lines.push(...block(answer.refusal).map((line) => colours.warning(`  ${line}`)));
  for (const call of answer.toolCalls) {
    lines.push(`  ${colours.strong(`tool ${safeForTerminal(call.name ?? '')}`)} ${oneLine(call.arguments)}`);
  }
}

function finishOf({ finishReason, terminated }: Ai): readonly string[] {
  const finish = finishReason === null ? 'no finish reason' : `finish ${safeForTerminal(finishReason)}`;
  return terminated ? [finish] : [finish, 'no end sign'];
}

function tokensOf({ usage, tokens }: Ai): readonly string[] {
  const facts: string[] = [];
  if (usage !== null) {
    const numbers = [
      ['in', usage.input],
      ['out', usage.output],
      ['reasoning', usage.reasoning],
    ] as const;
    const known = numbers.flatMap(([name, number]) => (number === null ? [] : [`${grouped(number)} ${name}`]));
    if (known.length > 0) facts.push(`tokens ${known.join(', ')}`);
  }
  if (tokens === null) return facts;
  if (tokens.source === 'estimated') facts.push(`about ${grouped(tokens.count)} tokens`);
  if (tokens.decodePerSecond !== null) facts.push(`${tokens.decodePerSecond.toFixed(1)} tokens/s`);
  return facts;
}

function timesOf(timing: SummaryLine['timing']): readonly string[] {
  if (timing === null || timing.ttftUs === null) return [];
  const { ttftUs, ttfoUs } = timing;
  const output = ttfoUs === null || ttfoUs === ttftUs ? [] : [`first after the reasoning ${duration(ttfoUs)}`];
  return [`first token ${duration(ttftUs)}`, ...output];
}

/** The lines of a text; tabs stay. */
function block(text: string): readonly string[] {
  const lines = text
    .slice(0, shownUnits)
    .split(/\r\n|\n|\r/)
    .map((line) => line.split('\t').map(safeForTerminal).join('\t'));
  const left = text.length - shownUnits;
  return left > 0 ? [...lines, `… ${grouped(left)} more characters: --output summary has them`] : lines;
}

function oneLine(text: string): string {
  const left = text.length - shownUnits;
  return `${safeForTerminal(text.slice(0, shownUnits))}${left > 0 ? `… ${grouped(left)} more characters` : ''}`;
}
