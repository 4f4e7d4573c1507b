import type { MessageView } from '../../shared/message.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import { formatBytes, formatCount, formatDateTime } from '../ui/format.ts';
import { rateFigures, timeFigures, tokenFigures, unknown } from './figures.ts';

/** What a run summary says, line by line; nothing of what was asked or answered, only how it went. */
export interface SummaryCard {
  readonly title: string;
  readonly subtitle: string;
  readonly verdict: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
}

export function summaryCard(view: MessageView, detail: RecordingDetail): SummaryCard {
  const { summary, verdict } = detail;
  const host = URL.canParse(summary.url) ? new URL(summary.url).host : '';
  const { decision } = view;
  const who = decision.variant === null ? decision.title : `${decision.title} (${decision.variant})`;
  const finish = view.answers[0]?.finish?.reason ?? unknown;
  const figures = [...timeFigures(view, null), ...rateFigures(view).slice(0, 2), ...tokenFigures(view).slice(0, 2)];
  return {
    title: view.model ?? summary.name,
    subtitle: [who, host, formatDateTime(summary.startedAt)].filter((part) => part !== '').join(' · '),
    verdict: `${verdict.word}: ${verdict.sentence}`,
    rows: [
      ...figures.map(({ name, value }) => [name, value] as const),
      ['finish', finish],
      ['frames', formatCount(summary.counts.frames)],
      ['on the wire', formatBytes(summary.counts.wireBytes)],
      ['stalls', formatCount(summary.counts.stalls)],
    ],
  };
}

/** The card as a Markdown table, for an issue or a chat. */
export function summaryMarkdown({ title, subtitle, verdict, rows }: SummaryCard): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return [
    `**${cell(title)}** · ${cell(subtitle)}`,
    '',
    cell(verdict),
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${cell(name)} | ${cell(value)} |`),
    '',
  ].join('\n');
}

const width = 640;
const rowHeight = 24;
const padding = 24;
/** Drawn at twice its size, so that it stays sharp where it is pasted. */
const scale = 2;

/** The card as a picture in the colours of the theme in force. */
export async function summaryPicture(card: SummaryCard, color: (token: string) => string): Promise<Blob> {
  const height = padding * 2 + 84 + Math.ceil(card.rows.length / 2) * rowHeight;
  const canvas = new OffscreenCanvas(width * scale, height * scale);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this window cannot draw pictures');
  context.scale(scale, scale);
  context.fillStyle = color('--bg-1');
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'top';
  const line = (text: string, y: number, font: string, fill: string): void => {
    context.font = font;
    context.fillStyle = color(fill);
    context.fillText(text, padding, y, width - padding * 2);
  };
  const ui = color('--font-ui');
  line(card.title, padding, `600 18px ${ui}`, '--fg-0');
  line(card.subtitle, padding + 26, `12px ${ui}`, '--fg-1');
  line(card.verdict, padding + 50, `13px ${ui}`, '--fg-0');
  const half = Math.ceil(card.rows.length / 2);
  const columnWidth = (width - padding * 3) / 2;
  card.rows.forEach(([name, value], i) => {
    const x = padding + (i < half ? 0 : columnWidth + padding);
    const y = padding + 84 + (i % half) * rowHeight;
    context.font = `12px ${ui}`;
    context.fillStyle = color('--fg-1');
    context.fillText(name, x, y);
    context.font = `12px ${color('--font-data')}`;
    context.fillStyle = color('--fg-0');
    context.fillText(value, x + columnWidth - context.measureText(value).width, y);
  });
  return canvas.convertToBlob({ type: 'image/png' });
}
