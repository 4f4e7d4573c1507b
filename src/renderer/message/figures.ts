import type { MessageView } from '../../shared/message.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { formatCount, formatDuration, formatRate } from '../ui/format.ts';

/** A number of a token stream with what it means (`metrics.md`), and what others call by its name. */
export interface Figure {
  readonly name: string;
  /** `unknown` where it is not known: never 0. */
  readonly value: string;
  readonly means: string;
  /** The frame that set it, null for none. */
  readonly frame: number | null;
}

export const unknown = 'unknown';

function duration(micros: Micros | null): string {
  return micros === null ? unknown : formatDuration(micros);
}

/** Other people's numbers, so that both can be reconciled. */
function others(pairs: readonly (readonly [who: string, micros: Micros | null])[]): string {
  const known = pairs.flatMap(([who, micros]) => (micros === null ? [] : [`${who} ${formatDuration(micros)}`]));
  return known.length === 0 ? '' : ` By other definitions: ${known.join(', ')}.`;
}

export function timeFigures({ metrics }: MessageView, detail: RecordingDetail | null): readonly Figure[] {
  const { ttftMicros, ttfoMicros, lastContentMicros, tokens, itlMicros } = metrics;
  const times = detail?.timing;
  const meanOfAll =
    tokens === null || tokens.count === 0 || lastContentMicros === null ? null : lastContentMicros / tokens.count;
  return [
    {
      name: 'first token (TTFT)',
      value: duration(ttftMicros),
      means: `First delta with text, reasoning, refusal or a tool call, since the request. Empty and role-only frames do not count.${others(
        [
          ['vLLM (first message, even empty)', times?.firstFrameMicros ?? null],
          ['OpenTelemetry (first chunk)', times?.firstByteMicros ?? null],
        ],
      )}`,
      frame: metrics.ttftFrame,
    },
    {
      name: 'first output (TTFO)',
      value: duration(ttfoMicros),
      means: 'The same without reasoning: the first thing that a user would read.',
      frame: metrics.ttfoFrame,
    },
    {
      name: 'last content',
      value: duration(lastContentMicros),
      means: 'The last such delta, since the request.',
      frame: metrics.lastContentFrame,
    },
    {
      name: 'between tokens (ITL)',
      value: duration(itlMicros),
      means: `(last content − TTFT) / (output tokens − 1); also called TPOT. Needs two tokens.${others([
        ['guidellm and llmperf (first token included)', meanOfAll],
      ])}`,
      frame: null,
    },
  ];
}

export function rateFigures({ metrics }: MessageView): readonly Figure[] {
  return [
    {
      name: 'decoding',
      value: metrics.decodePerSecond === null ? unknown : tokensPerSecond(metrics.decodePerSecond),
      means: '1 / ITL: tokens per second once the first one was there.',
      frame: null,
    },
    {
      name: 'end to end',
      value: metrics.endToEndPerSecond === null ? unknown : tokensPerSecond(metrics.endToEndPerSecond),
      means: 'Output tokens / last content: the wait for the first token included.',
      frame: null,
    },
    {
      name: 'wire overhead',
      value: metrics.wireOverhead === null ? unknown : `${(metrics.wireOverhead * 100).toFixed(1)} %`,
      means: '(wire bytes − bytes of content) / wire bytes: what the format costs.',
      frame: null,
    },
  ];
}

function tokensPerSecond(rate: number): string {
  return `${formatRate(rate).replace('/s', '')} tokens/s`;
}

export function tokenFigures({ metrics, usage }: MessageView): readonly Figure[] {
  const { tokens } = metrics;
  const usageFrame = usage?.frame ?? null;
  const figures: Figure[] = [
    {
      name: 'output tokens',
      value: tokens === null ? unknown : `${tokens.source === 'estimated' ? '≈ ' : ''}${formatCount(tokens.count)}`,
      means: tokenMeaning(tokens),
      frame: usageFrame,
    },
  ];
  if (usage === null) return figures;
  const own = (name: string, value: number | null, means: string): void => {
    if (value !== null) figures.push({ name, value: formatCount(value), means, frame: usageFrame });
  };
  own('input, as sent', usage.input, 'The provider’s own number for the prompt.');
  own('output, as sent', usage.output, 'The provider’s own number; whether it holds reasoning differs by provider.');
  own('reasoning, as sent', usage.reasoning, 'The provider’s own number of reasoning tokens.');
  return figures;
}

function tokenMeaning(tokens: MessageView['metrics']['tokens']): string {
  if (tokens === null)
    return 'The provider sent no usage yet; an estimate is made at the end. Never a count of frames.';
  if (tokens.source === 'estimated') {
    return `The provider sent no usage: counted by the tokenizer ${tokens.tokenizer ?? ''}, which need not be the model’s own.`;
  }
  return tokens.addedReasoning > 0
    ? `From usage; ${formatCount(tokens.addedReasoning)} reasoning tokens were added, which this provider’s output count leaves out.`
    : 'From the last usage of the stream, reasoning included. Never summed.';
}

export function serverFigures({ serverTimings }: MessageView): readonly Figure[] {
  return serverTimings.map(({ name, micros, frame }) => ({
    name: name.replaceAll('_', ' '),
    value: formatDuration(micros),
    means: 'Measured by the server itself, and sent in the stream.',
    frame,
  }));
}
