import type { JsonDifference } from '../../shared/compare.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useComparing } from '../state/comparing.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatOrdinal, formatQuantity } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';
import { useAnswer } from './useAnswer.ts';

const kindWords: Readonly<Record<JsonDifference['kind'], string>> = {
  added: 'only in B',
  removed: 'only in A',
  changed: 'changed',
};

interface JsonDifferencesProps {
  readonly left: RecordingId;
  readonly right: RecordingId;
  readonly leftFrame: number;
  readonly rightFrame: number;
}

/** What differs in two frames' JSON, path by path. */
export function JsonDifferences({ left, right, leftFrame, rightFrame }: JsonDifferencesProps) {
  const ignore = useComparing((state) => state.ignore);
  const { result, failure, ask } = useAnswer('compare.json', { left, right, leftFrame, rightFrame, ignore });
  return (
    <section aria-labelledby="ss-compare-json" className="ss-compare-json">
      <h4 id="ss-compare-json">
        In frame {formatOrdinal(leftFrame)} of A and {formatOrdinal(rightFrame)} of B
      </h4>
      {failure !== null && <FailureBox failure={failure} onRetry={ask} />}
      {failure === null && result !== null && result.note !== null && (
        <p className="ss-compare-sentence">{result.note}</p>
      )}
      {failure === null && result !== null && result.note === null && (
        <>
          {result.total === 0 && (
            <p className="ss-compare-sentence">The same JSON, without the keys that do not count.</p>
          )}
          {result.total > 0 && <List differences={result.differences} />}
          {result.total > result.differences.length && (
            <p className="ss-compare-sentence">
              {formatQuantity(result.total - result.differences.length, 'further difference')} not listed.
            </p>
          )}
        </>
      )}
    </section>
  );
}

function List({ differences }: { readonly differences: readonly JsonDifference[] }) {
  return (
    <table className="ss-compare-list">
      <thead className="ss-unseen">
        <tr>
          <th scope="col">Path</th>
          <th scope="col">How</th>
          <th scope="col">Values</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ path, kind, left, right }) => (
          <tr key={path}>
            <th scope="row">{path === '' ? 'the whole' : visibleText(path)}</th>
            <td>{kindWords[kind]}</td>
            <td>
              {left !== null && <del>{visibleText(left)}</del>}
              {right !== null && <ins>{visibleText(right)}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
