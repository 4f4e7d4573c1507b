import { useEffect, useState } from 'react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { frameCriteria, frameRelation, type ComparedFrames as Compared } from '../../shared/compare.ts';
import type { RecordingId } from '../../shared/words.ts';
import { comparingActions, showComparedFrame, useComparing } from '../state/comparing.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatOrdinal, formatQuantity } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { JsonDifferences } from './JsonDifferences.tsx';
import { useAnswer } from './useAnswer.ts';

const rowsAtOnce = 50;

interface FramesProps {
  readonly left: RecordingId;
  readonly right: RecordingId;
  /** Both have ended and are analysed. */
  readonly isSettled: boolean;
  readonly version: number;
}

/** Where the frames of the two first differ, and all that differ after that. */
export function ComparedFrames({ left, right, isSettled, version }: FramesProps) {
  const { criterion, ignore } = useComparing();
  const [from, setFrom] = useState(0);
  const { result, failure, isAsking, ask } = useAnswer(
    'compare.frames',
    isSettled ? { left, right, criterion, ignore, onlyDifferent: true, from, count: rowsAtOnce } : null,
    version,
  );
  return (
    <section aria-labelledby="ss-compare-frames" aria-busy={isAsking}>
      <h3 id="ss-compare-frames">Frames</h3>
      <Rules onChanged={() => setFrom(0)} />
      {!isSettled && <p className="ss-compare-sentence">Compared when both recordings have ended.</p>}
      {failure !== null && <FailureBox failure={failure} onRetry={ask} />}
      {isSettled && failure === null && result === null && <Waiting />}
      {isSettled && failure === null && result !== null && (
        <Result left={left} right={right} frames={result} onPage={setFrom} />
      )}
    </section>
  );
}

const patienceMillis = 150;

function Waiting() {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMillis);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p className="ss-compare-sentence" role="status">
      {isLate ? 'Going through the frames of both…' : ''}
    </p>
  );
}

const criterionTitles = { bytes: 'every byte', payload: 'payload', json: 'JSON values' } as const;

function Rules({ onChanged }: { readonly onChanged: () => void }) {
  const { criterion, ignore } = useComparing();
  const [text, setText] = useState(ignore.join(', '));
  const commit = (): void => {
    const keys = text
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '')
      .slice(0, 64);
    if (keys.join() === ignore.join()) return;
    comparingActions.setIgnore(keys);
    onChanged();
  };
  return (
    <div className="ss-compare-rules">
      <label>
        The same by{' '}
        <select
          value={criterion}
          onChange={(event) => {
            const chosen = frameCriteria.find((each) => each === event.target.value);
            if (chosen === undefined) return;
            comparingActions.setCriterion(chosen);
            onChanged();
          }}
        >
          {frameCriteria.map((each) => (
            <option key={each} value={each}>
              {criterionTitles[each]}
            </option>
          ))}
        </select>
      </label>
      {criterion === 'json' && (
        <label className="ss-compare-ignore">
          without the keys{' '}
          <input
            type="text"
            value={text}
            maxLength={2_000}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
            }}
          />
        </label>
      )}
    </div>
  );
}

function Result({
  left,
  right,
  frames,
  onPage,
}: {
  readonly left: RecordingId;
  readonly right: RecordingId;
  readonly frames: Compared;
  readonly onPage: (from: number) => void;
}) {
  const first = frames.first[frames.criterion];
  const sides = { left, right };
  if (first === null) {
    const exactly = frames.first.bytes === null ? ', byte for byte' : ', though not byte for byte';
    return (
      <p className="ss-compare-sentence" data-tone="good">
        All {formatQuantity(frames.leftFrames, 'frame')} are the same{exactly}.
      </p>
    );
  }
  const { same, changed, leftOnly, rightOnly, leftBeyond, rightBeyond } = frames;
  return (
    <>
      <p className="ss-compare-sentence">
        {formatCount(same)} the same, {formatCount(changed)} changed, {formatCount(leftOnly)} only in A,{' '}
        {formatCount(rightOnly)} only in B.
        {frames.pairing === 'place' &&
          ' They have too little in common to find which belongs to which: they are paired by their place.'}
        {leftBeyond + rightBeyond > 0 &&
          ` After that ${formatCount(leftBeyond)} of A and ${formatCount(rightBeyond)} of B were not set beside each other.`}
      </p>
      <div className="ss-compare-first">
        <span>First difference:</span>
        {(['left', 'right'] as const).map((side) => {
          const n = first[side];
          const letter = side === 'left' ? 'A' : 'B';
          return n === null ? (
            <span key={side}>{letter} has no more frames</span>
          ) : (
            <Button key={side} onClick={() => showComparedFrame(sides[side], n)}>
              Frame {formatOrdinal(n)} of {letter}
            </Button>
          );
        })}
      </div>
      <Rows key={frames.from} sides={sides} frames={frames} />
      {frames.total > rowsAtOnce && <Pager frames={frames} onPage={onPage} />}
    </>
  );
}

function Pager({ frames, onPage }: { readonly frames: Compared; readonly onPage: (from: number) => void }) {
  const { from, total, left } = frames;
  return (
    <div className="ss-compare-pager">
      <IconButton
        label="Earlier differences"
        icon={ChevronLeft}
        disabled={from === 0}
        onClick={() => onPage(Math.max(0, from - rowsAtOnce))}
      />
      <span>
        {formatOrdinal(from)}–{formatCount(from + left.length)} of {formatCount(total)}
      </span>
      <IconButton
        label="Later differences"
        icon={ChevronRight}
        disabled={from + left.length >= total}
        onClick={() => onPage(from + rowsAtOnce)}
      />
    </div>
  );
}

const relationWords = ['the same', 'changed', 'only in A', 'only in B'] as const;
const relationSigns = ['=', '≠', '−', '+'] as const;

function Rows({
  sides,
  frames,
}: {
  readonly sides: { readonly left: RecordingId; readonly right: RecordingId };
  readonly frames: Compared;
}) {
  const firstChanged = frames.relation.indexOf(frameRelation.changed);
  const [chosen, setChosen] = useState(firstChanged);
  const chosenLeft = frames.left[chosen] ?? -1;
  const chosenRight = frames.right[chosen] ?? -1;
  return (
    <>
      <table className="ss-compare-rows">
        <thead>
          <tr>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">
              <span className="ss-unseen">How</span>
            </th>
            <th scope="col">Data</th>
          </tr>
        </thead>
        <tbody>
          {Array.from(frames.left, (left, i) => {
            const right = frames.right[i] ?? -1;
            const relation = frames.relation[i] ?? 0;
            const word = relationWords[relation] ?? '';
            return (
              <tr key={i} data-chosen={i === chosen}>
                <td>
                  <FrameLink id={sides.left} n={left} letter="A" />
                </td>
                <td>
                  <FrameLink id={sides.right} n={right} letter="B" />
                </td>
                <td>
                  {relation === frameRelation.changed ? (
                    <button
                      type="button"
                      className="ss-compare-choose"
                      aria-pressed={i === chosen}
                      title="Show what differs in their JSON"
                      onClick={() => setChosen(i)}
                    >
                      <span aria-hidden>{relationSigns[relation]}</span>
                      <span className="ss-unseen">
                        {word}: show what differs in frame {formatOrdinal(left)} of A
                      </span>
                    </button>
                  ) : (
                    <span title={word} className="ss-compare-relation">
                      <span aria-hidden>{relationSigns[relation]}</span>
                      <span className="ss-unseen">{word}</span>
                    </span>
                  )}
                </td>
                <td className="ss-compare-data">
                  {left >= 0 && <del>{frames.leftPreview[i]}</del>}
                  {right >= 0 && <ins>{frames.rightPreview[i]}</ins>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {chosenLeft >= 0 && chosenRight >= 0 && (
        <JsonDifferences {...sides} leftFrame={chosenLeft} rightFrame={chosenRight} />
      )}
    </>
  );
}

function FrameLink({ id, n, letter }: { readonly id: RecordingId; readonly n: number; readonly letter: string }) {
  if (n < 0) return null;
  return (
    <button
      type="button"
      className="ss-link"
      aria-label={`Go to frame ${formatOrdinal(n)} of ${letter}`}
      onClick={() => showComparedFrame(id, n)}
    >
      {formatOrdinal(n)}
    </button>
  );
}
