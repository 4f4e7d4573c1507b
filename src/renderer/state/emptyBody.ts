import type { RecordingDetail } from '../../shared/recording.ts';

/** Why a recording has no bytes to show, for a person. */
export function whyEmpty({ summary, exchange }: Pick<RecordingDetail, 'summary' | 'exchange'>): string {
  if (summary.state === 'live') {
    return exchange.head === null ? 'The server has not answered yet.' : 'The answer has begun; its body has not.';
  }
  if (exchange.head === null && exchange.ending !== null) return exchange.ending.message;
  return 'The body of this answer is empty.';
}
