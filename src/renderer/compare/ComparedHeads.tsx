import type { ComparedHeader, HeadComparison } from '../../shared/compare.ts';
import { formatQuantity } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';

const kindWords: Readonly<Record<ComparedHeader['kind'], string>> = {
  added: 'only in B',
  removed: 'only in A',
  changed: 'changed',
};

/** What the response heads differ in; what differs between any two answers is folded. */
export function ComparedHeads({ head }: { readonly head: HeadComparison }) {
  const { status, httpVersion, headers, sameHeaders } = head;
  const telling = headers.filter(({ isVolatile }) => !isVolatile);
  const expected = headers.filter(({ isVolatile }) => isVolatile);
  return (
    <section aria-labelledby="ss-compare-head">
      <h3 id="ss-compare-head">Response heads</h3>
      <p className="ss-compare-sentence">
        status {both(status.left, status.right)} · HTTP {both(httpVersion.left, httpVersion.right)} ·{' '}
        {formatQuantity(sameHeaders, 'header')} the same
        {telling.length === 0 && expected.length === 0 && ', none different'}
      </p>
      {telling.length > 0 && <HeaderDifferences headers={telling} />}
      {expected.length > 0 && (
        <details>
          <summary>
            {formatQuantity(expected.length, 'header')} that {expected.length === 1 ? 'differs' : 'differ'} between any
            two answers
          </summary>
          <HeaderDifferences headers={expected} />
        </details>
      )}
    </section>
  );
}

function both(left: number | string | null, right: number | string | null): string {
  const a = left === null ? '—' : String(left);
  const b = right === null ? '—' : String(right);
  return a === b ? a : `${a} → ${b}`;
}

function HeaderDifferences({ headers }: { readonly headers: readonly ComparedHeader[] }) {
  return (
    <table className="ss-compare-list">
      <thead className="ss-unseen">
        <tr>
          <th scope="col">Header</th>
          <th scope="col">How</th>
          <th scope="col">Values</th>
        </tr>
      </thead>
      <tbody>
        {headers.map(({ name, kind, left, right }) => (
          <tr key={name}>
            <th scope="row">{visibleText(name)}</th>
            <td>{kindWords[kind]}</td>
            <td>
              {left.length > 0 && <del>{visibleText(left.join(', '))}</del>}
              {right.length > 0 && <ins>{visibleText(right.join(', '))}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
