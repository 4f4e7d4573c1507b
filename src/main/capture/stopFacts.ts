import { assertNever } from '../../shared/assertNever.ts';
import { secondsText } from './connectFault.ts';
import { byteCount, type EndingFacts } from './endings.ts';
import type { StopReason } from './sink.ts';

/** The ending of an exchange that was stopped on our side, with `wireBytes` received. */
export function stopFacts(reason: StopReason, wireBytes: number): EndingFacts {
  switch (reason.by) {
    case 'user':
      return { code: 'end/stopped', message: 'Stopped by you.', offset: wireBytes };
    case 'limit': {
      const isBytes = reason.limit === 'max-bytes' || reason.limit === 'recording size';
      return { code: isBytes ? 'end/byte-limit' : 'end/limit', message: limitSentence(reason), offset: wireBytes };
    }
    case 'max-time':
      return {
        code: 'end/max-time',
        message: `Stopped after the time limit of ${secondsText(reason.millis)}.`,
        offset: wireBytes,
      };
    case 'lab': {
      const frames = reason.frames === 1 ? '1 frame' : `${String(reason.frames)} frames`;
      return { code: 'end/lab-cut', message: `Cut by us after ${frames}, for the reconnect lab.`, offset: wireBytes };
    }
    case 'client':
      return { code: 'end/stopped-by-client', message: 'Stopped by the client.', offset: wireBytes };
    case 'intervention':
      return { code: 'end/intervened', message: reason.message, offset: wireBytes };
    case 'disk':
      return { code: 'end/disk', message: `Recording stopped: ${reason.message}`, offset: wireBytes };
    default:
      return assertNever(reason, 'stop reason');
  }
}

function limitSentence({ limit, value }: Extract<StopReason, { readonly by: 'limit' }>): string {
  switch (limit) {
    case 'frames':
      return `Stopped at the limit of ${frameCount(value)} that was asked for.`;
    case 'max-bytes':
      return `Stopped at the limit of ${byteCount(value)} that was asked for.`;
    case 'recording size':
      return `Stopped: a recording may have ${byteCount(value)}.`;
    case 'free disk space':
      return `Stopped: less than ${byteCount(value)} of the disk are free.`;
    default:
      return `Stopped at the limit “${limit}” of ${String(value)}.`;
  }
}

function frameCount(frames: number): string {
  return `${String(frames).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ${frames === 1 ? 'frame' : 'frames'}`;
}
