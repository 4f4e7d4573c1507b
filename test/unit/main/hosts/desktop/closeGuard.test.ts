import { describe, expect, it } from 'vitest';
import { createCloseGuard, liveStreamsQuestion } from '../../../../../src/main/hosts/desktop/closeGuard.ts';

function guarded() {
  const questions: { liveCount: number; answer: (yes: boolean) => void; fail: (reason: Error) => void }[] = [];
  let agreements = 0;
  const guard = createCloseGuard(
    (liveCount) =>
      new Promise((answer, fail) => {
        questions.push({ liveCount, answer, fail });
      }),
    () => agreements++,
  );
  return { guard, questions, agreements: () => agreements };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('closing', () => {
  it('needs no question without live streams', () => {
    const { guard, questions } = guarded();
    expect(guard.mayClose(0)).toBe(true);
    expect(questions).toEqual([]);
  });

  it('asks once, and closes when the user agrees', async () => {
    const { guard, questions, agreements } = guarded();
    expect(guard.mayClose(2)).toBe(false);
    expect(guard.mayClose(2)).toBe(false);
    expect(questions.map((question) => question.liveCount)).toEqual([2]);
    questions[0]!.answer(true);
    await settled();
    expect(agreements()).toBe(1);
    expect(guard.mayClose(2)).toBe(true);
  });

  it('stays open when the user does not, and asks again the next time', async () => {
    const { guard, questions, agreements } = guarded();
    guard.mayClose(1);
    questions[0]!.answer(false);
    await settled();
    expect(agreements()).toBe(0);
    expect(guard.mayClose(1)).toBe(false);
    expect(questions).toHaveLength(2);
    questions[1]!.fail(new Error('the dialog failed'));
    await settled();
    expect(guard.mayClose(0)).toBe(true);
  });

  it('counts in words', () => {
    expect(liveStreamsQuestion(1).message).toBe('1 stream is still open');
    expect(liveStreamsQuestion(3).message).toBe('3 streams are still open');
  });
});
