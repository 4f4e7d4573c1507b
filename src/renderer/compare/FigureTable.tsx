import type { ComparedFigure, RecordingComparison } from '../../shared/compare.ts';
import { Meaning } from '../ui/Meaning.tsx';
import { differenceText, figureGroups, figureWords, relativeText, unknown, valueText } from './figureWords.ts';
import { SideMark, sideLetters } from './SideMark.tsx';

/** The numbers side by side, with the difference and which is better. */
export function FigureTable({ comparison }: { readonly comparison: RecordingComparison }) {
  const { align, figures, left, right } = comparison;
  const isTokenStream = left.dialect !== null || right.dialect !== null;
  const byName = new Map(figures.map((figure) => [figure.name, figure]));
  const groups = figureGroups(align).map(({ title, names, ofTokens = [] }) => ({
    title,
    figures: names
      .filter((name) => isTokenStream || !ofTokens.includes(name))
      .flatMap((name) => byName.get(name) ?? []),
  }));
  return (
    <section aria-labelledby="ss-compare-figures">
      <h3 id="ss-compare-figures">Numbers</h3>
      <table className="ss-compare-figures">
        <thead>
          <tr>
            <td />
            <th scope="col">
              <SideMark side="left" />
            </th>
            <th scope="col">
              <SideMark side="right" />
            </th>
            <th scope="col" colSpan={2}>
              B against A
            </th>
            <th scope="col">better</th>
          </tr>
        </thead>
        {groups.map(({ title, figures: inGroup }) =>
          inGroup.length === 0 ? null : (
            <tbody key={title}>
              <tr>
                <th scope="rowgroup" colSpan={6} className="ss-compare-group">
                  {title}
                </th>
              </tr>
              {inGroup.map((figure) => (
                <FigureRow key={figure.name} figure={figure} />
              ))}
            </tbody>
          ),
        )}
        <tbody>
          <tr>
            <th scope="row">
              <Meaning means="How the exchange ended.">ending</Meaning>
            </th>
            {[left, right].map(({ verdict, endingCode }, i) => (
              <td key={i} title={endingCode ?? undefined}>
                {verdict.word}
              </td>
            ))}
            <td colSpan={3}>{left.endingCode === right.endingCode ? '=' : ''}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function FigureRow({ figure }: { readonly figure: ComparedFigure }) {
  const { name, unit, left, right, better, isWithinUncertainty, isLeftEstimated, isRightEstimated } = figure;
  const { title, means } = figureWords[name];
  return (
    <tr data-figure={name}>
      <th scope="row">
        <Meaning means={means}>{title}</Meaning>
      </th>
      <td data-unknown={left === null}>{valueText(unit, left, isLeftEstimated)}</td>
      <td data-unknown={right === null}>{valueText(unit, right, isRightEstimated)}</td>
      <td data-unknown={figure.difference === null}>{differenceText(figure) || unknown}</td>
      <td>{relativeText(figure)}</td>
      <td className="ss-compare-better">
        {isWithinUncertainty && (
          <span className="ss-quiet" title="No larger than what the clocks of both may be wrong by.">
            <span aria-hidden>±</span>
            <span className="ss-unseen">within the uncertainty of the clocks</span>
          </span>
        )}
        {(better === 'left' || better === 'right') && (
          <span>
            <span aria-hidden>▲</span> {sideLetters[better]}
          </span>
        )}
      </td>
    </tr>
  );
}
