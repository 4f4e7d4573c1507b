import { useEffect, useState } from 'react';
import type { ComparedMessage as Compared, ComparedText, TextRun } from '../../shared/compare.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatOrdinal, formatQuantity } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';
import { useAnswer } from './useAnswer.ts';

interface MessageProps {
  readonly left: RecordingId;
  readonly right: RecordingId;
  readonly isSettled: boolean;
  readonly version: number;
}

/** The texts of the messages with what is in one only; nothing is shown where neither is a token stream. */
export function ComparedMessage({ left, right, isSettled, version }: MessageProps) {
  const { result, failure, ask } = useAnswer(
    'compare.message',
    isSettled ? { left, right, text: 0, fromRun: 0 } : null,
    version,
  );
  if (failure !== null) return <FailureBox failure={failure} onRetry={ask} />;
  if (result === null || (!result.hasLeft && !result.hasRight)) return null;
  return (
    <section aria-labelledby="ss-compare-message">
      <h3 id="ss-compare-message">Message</h3>
      <Texts key={version} left={left} right={right} message={result} />
    </section>
  );
}

function Texts({ left, right, message }: Pick<MessageProps, 'left' | 'right'> & { readonly message: Compared }) {
  const { texts, finish, hasLeft, hasRight, beyond } = message;
  const firstDifferent = texts.findIndex(({ isSame }) => !isSame);
  const [chosen, setChosen] = useState(Math.max(0, firstDifferent));
  const text = texts[chosen];
  return (
    <>
      <p className="ss-compare-sentence">
        {!hasLeft && 'A is no token stream. '}
        {!hasRight && 'B is no token stream. '}
        {firstDifferent < 0 && 'All texts are the same. '}
        finished: {finishText(finish.left, finish.right)}
        {beyond > 0 && `. ${formatQuantity(beyond, 'further text')} not compared`}
      </p>
      {texts.length > 1 && (
        <label className="ss-compare-rules">
          Text{' '}
          <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            {texts.map((each, i) => (
              <option key={i} value={i}>
                {titleOf(each)}
                {each.isSame ? '' : ' ≠'}
              </option>
            ))}
          </select>
        </label>
      )}
      {text !== undefined && (
        <>
          <p className="ss-compare-sentence">
            {titleOf(text)}: {lengthText(text.leftLength)} in A, {lengthText(text.rightLength)} in B
            {text.isSame ? ', the same' : granularityWords[text.granularity]}
            {text.omitted > 0 && `; ${formatCount(text.omitted)} characters beyond the limit were not compared`}
          </p>
          <Runs key={chosen} left={left} right={right} text={chosen} total={text.runs} />
        </>
      )}
    </>
  );
}

const granularityWords: Readonly<Record<ComparedText['granularity'], string>> = {
  words: ', compared word by word',
  lines: ', compared line by line: too long or too different for words',
  ends: ': too long or too different to compare more than how they begin and end',
};

function titleOf({ part, index, leftName, rightName }: ComparedText): string {
  if (part !== 'arguments') return `${part} of answer ${formatOrdinal(index)}`;
  const name = leftName === rightName ? (leftName ?? '') : `${leftName ?? '—'} → ${rightName ?? '—'}`;
  return `arguments of call ${formatOrdinal(index)}: ${visibleText(name)}`;
}

function lengthText(units: number | null): string {
  return units === null ? 'nothing' : formatQuantity(units, 'character');
}

function finishText(left: string | null, right: string | null): string {
  const a = left === null ? '—' : visibleText(left);
  const b = right === null ? '—' : visibleText(right);
  return a === b ? a : `${a} → ${b}`;
}

/** Runs of one text, pulled in parts; the rest when it is asked for. */
function Runs({
  left,
  right,
  text,
  total,
}: Pick<MessageProps, 'left' | 'right'> & { readonly text: number; readonly total: number }) {
  const engine = useEngine();
  const [runs, setRuns] = useState<readonly TextRun[]>([]);
  const [wanted, setWanted] = useState(1);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isWanted = runs.length < Math.min(total, wanted);

  useEffect(() => {
    if (!isWanted) return undefined;
    const controller = new AbortController();
    engine.call('compare.message', { left, right, text, fromRun: runs.length }, controller.signal).then(
      (answer) => {
        setRuns([...runs, ...answer.runs]);
        setFailure(null);
      },
      (error: unknown) => {
        if (!isCancelled(error)) setFailure(failureOf(error));
      },
    );
    return () => controller.abort();
  }, [engine, left, right, text, runs, isWanted, attempt]);

  if (failure !== null) return <FailureBox failure={failure} onRetry={() => setAttempt(attempt + 1)} />;
  return (
    <>
      <div className="ss-compare-text" tabIndex={0} role="group" aria-label="Difference of the texts">
        {runs.map(({ kind, text: piece }, i) =>
          kind === 'removed' ? (
            <del key={i}>{piece}</del>
          ) : kind === 'added' ? (
            <ins key={i}>{piece}</ins>
          ) : (
            <span key={i}>{piece}</span>
          ),
        )}
      </div>
      {runs.length > 0 && runs.length < total && (
        <Button onClick={() => setWanted(runs.length + 1)}>
          Show more: {formatQuantity(total - runs.length, 'run')} left
        </Button>
      )}
    </>
  );
}
