import { seconds, word, type CatalogueRule } from './rule.ts';

/** What the arrival of a stream shows. */
export const timingRules: readonly CatalogueRule[] = [
  {
    code: 'timing/stall',
    severity: 'warning',
    title: 'A stall: a gap far longer than the gaps before it',
    advice:
      'Look at what the server did at that moment; with heartbeats in the gap the connection was alive and the content was late.',
    isChecked: true,
    sentence: (d) => {
      const beats = d['heartbeats'];
      const meanwhile =
        typeof beats === 'number' && beats > 0
          ? `, while ${word(d, 'heartbeats')} heartbeat${beats === 1 ? '' : 's'} came`
          : '';
      return `Nothing new came for ${seconds(d, 'gapMicros')} before this frame${meanwhile}.`;
    },
  },
  {
    code: 'timing/buffered',
    severity: 'warning',
    title: 'Frames come in bursts: something buffers the stream',
    advice: 'Switch off buffering in the proxies on the way and flush after each message.',
    isChecked: true,
    sentence: (d) =>
      `${word(d, 'frames')} frames came in ${word(d, 'bursts')} bursts ${seconds(d, 'gapMicros')} apart: something between you and the server buffers.`,
  },
  {
    code: 'timing/no-heartbeat',
    severity: 'info',
    title: 'A long silence without a sign of life',
    advice:
      'Send a comment or a blank line every 15 s so that clients and proxies can tell silence from a dead connection.',
    isChecked: true,
    sentence: (d) => `The stream was silent for ${seconds(d, 'gapMicros')} without a comment or blank line.`,
  },
  {
    code: 'timing/slow-first-byte',
    severity: 'info',
    title: 'The first byte came late',
    advice: 'Send the head and a first comment at once, before the work is done.',
    isChecked: true,
    sentence: (d) => `The first byte of the body came after ${seconds(d, 'micros')}.`,
  },
  {
    code: 'timing/clock-uncertain',
    severity: 'info',
    title: 'This computer was too busy to measure well',
    advice: 'Close what keeps the computer busy and measure again.',
    isChecked: true,
    sentence: (d) => `The times of this recording may be wrong by up to ${seconds(d, 'uncertaintyMicros')}.`,
  },
];
