import type { TimingReport } from '../../shared/recording.ts';
import { formatDuration, formatRate, formatBytes } from '../ui/format.ts';

/** A number of the Timing tab with what it means (`metrics.md`). */
export interface Figure {
  readonly name: string;
  /** `unknown` where it is not known: never 0. */
  readonly value: string;
  readonly means: string;
}

export const unknown = 'unknown';

function duration(micros: number | null): string {
  return micros === null ? unknown : formatDuration(micros);
}

export function timeFigures({ times }: TimingReport): readonly Figure[] {
  return [
    {
      name: 'headers',
      value: duration(times.headersMicros),
      means: 'Response head complete, since the request was handed to the transport. Includes connecting.',
    },
    { name: 'first byte', value: duration(times.firstByteMicros), means: 'First byte of the body, since the request.' },
    {
      name: 'first frame',
      value: duration(times.firstFrameMicros),
      means: 'First frame that is not a comment, blank or heartbeat, since the request.',
    },
    {
      name: 'last chunk',
      value: duration(times.lastChunkMicros),
      means: 'Arrival of the newest chunk, since the request.',
    },
    { name: 'end', value: duration(times.endMicros), means: 'When the exchange ended, since the request.' },
  ];
}

export function rateFigures(report: TimingReport): readonly Figure[] {
  const { bytesPerSecond, framesPerSecond, burstShare, uncertaintyMicros } = report;
  return [
    {
      name: 'frames per second',
      value: framesPerSecond === null ? unknown : formatRate(framesPerSecond),
      means: 'All frames divided by the time from the request to the last chunk.',
    },
    {
      name: 'throughput',
      value: bytesPerSecond === null ? unknown : `${formatBytes(bytesPerSecond)}/s`,
      means: 'Body bytes on the wire divided by the time from the request to the last chunk.',
    },
    {
      name: 'burst share',
      value: burstShare === null ? unknown : `${(burstShare * 100).toFixed(1)} %`,
      means:
        'Share of frames that came with at least four others in one chunk after a wait of more than four times the median chunk gap. Much of it means that something between you and the server buffers.',
    },
    {
      name: 'uncertainty',
      value: uncertaintyMicros === null ? unknown : `± ${formatDuration(uncertaintyMicros)}`,
      means: 'Largest delay of the clock that stamps arrivals while the stream was open.',
    },
  ];
}

export const gapMeanings = {
  frames: 'Differences between the arrivals of neighbouring frames. Frames of one chunk arrive together, 0 apart.',
  chunks: 'Differences between the arrivals of neighbouring chunks.',
  percentile: 'Nearest rank over all values: this share of the gaps is not longer.',
  stall: 'A gap longer than one second and than eight times the median of the 64 gaps before it.',
} as const;
