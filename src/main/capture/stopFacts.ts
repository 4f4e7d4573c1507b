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
      const value = isBytes ? byteCount(reason.value) : String(reason.value);
      const message = `Stopped at the limit “${reason.limit}” of ${value}.`;
      return { code: isBytes ? 'end/byte-limit' : 'end/limit', message, offset: wireBytes };
    }
    case 'max-time':
      return {
        code: 'end/max-time',
        message: `Stopped after the time limit of ${secondsText(reason.millis)}.`,
        offset: wireBytes,
      };
    case 'disk':
      return { code: 'end/disk', message: `Recording stopped: ${reason.message}`, offset: wireBytes };
    default:
      return assertNever(reason, 'stop reason');
  }
}
