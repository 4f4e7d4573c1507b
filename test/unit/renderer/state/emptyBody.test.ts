import { describe, expect, it } from 'vitest';
import { whyEmpty } from '../../../../src/renderer/state/emptyBody.ts';
import type {
  Ending,
  ExchangeFacts,
  RecordingDetail,
  RecordingSummary,
  ResponseHead,
} from '../../../../src/shared/recording.ts';

function detail(state: 'live' | 'ended', head: boolean, message: string | null): RecordingDetail {
  const facts: Pick<ExchangeFacts, 'head' | 'ending'> = {
    head: head ? ({ status: 200 } as ResponseHead) : null,
    ending: message === null ? null : ({ message } as Ending),
  };
  return { summary: { state } as RecordingSummary, exchange: facts as ExchangeFacts } as RecordingDetail;
}

describe('an empty body', () => {
  it.each([
    ['live', false, null, 'The server has not answered yet.'],
    ['live', true, null, 'The answer has begun; its body has not.'],
    ['ended', false, 'Nothing listens at x:1.', 'Nothing listens at x:1.'],
    ['ended', true, 'Complete.', 'The body of this answer is empty.'],
  ] as const)('%s, head %s: says why', (state, head, message, why) => {
    expect(whyEmpty(detail(state, head, message))).toBe(why);
  });
});
