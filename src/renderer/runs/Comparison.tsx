import type { DifferenceVerdict, FigureComparison, RunComparison, RunSetId, RunShare } from '../../shared/runs.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatQuantity, formatRate } from '../ui/format.ts';
import { Meaning } from '../ui/Meaning.tsx';
import { PaneLoading } from '../ui/PaneMessage.tsx';
import { ToneMark, type Tone } from '../ui/ToneMark.tsx';
import { inUnit, percent, rateMeanings, shownFigures, signedInUnit } from './figures.ts';
import { Histogram } from './Histogram.tsx';
import { useComparison } from './useRunSets.ts';

const verdicts: Readonly<Record<DifferenceVerdict, readonly [tone: Tone, words: string]>> = {
  better: ['good', 'B is better'],
  worse: ['bad', 'B is worse'],
  changed: ['warning', 'B differs'],
  'within-noise': ['neutral', 'within noise'],
  unknown: ['neutral', 'too few runs to tell'],
};

/** Two sets side by side: A the earlier one, B the shown one. */
export function Comparison({ a, b }: { readonly a: RunSetId; readonly b: RunSetId }) {
  const { value, failure } = useComparison(a, b);
  if (failure !== null) return <FailureBox failure={failure} />;
  if (value === null) return <PaneLoading label="Comparing" />;
  const known = value.figures.filter((figure) => figure.a.count > 0 || figure.b.count > 0);
  const plotted = known.filter(({ figure }) => figure === 'ttft' || figure === 'itl' || figure === 'tps');
  return (
    <div className="ss-runs-detail">
      <dl className="ss-runs-sides">
        <Side name="A" look="outline" side={value.a} />
        <Side name="B" look="bars" side={value.b} />
      </dl>
      <div className="ss-runs-plots">
        {plotted.map(({ figure, a: ofA, b: ofB }) => (
          <Histogram key={figure} figure={figure} of={ofB} against={ofA} />
        ))}
      </div>
      <table className="ss-runs-figures" aria-label="Medians compared">
        <thead>
          <tr>
            <th scope="col">Median</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">B − A</th>
            <th scope="col">
              <Meaning means={rateMeanings.interval}>95 % interval</Meaning>
            </th>
            <th scope="col" className="ss-runs-verdict">
              Says
            </th>
          </tr>
        </thead>
        <tbody>
          <RateRow
            name="Success"
            means={rateMeanings.success}
            a={value.a.summary.success}
            b={value.b.summary.success}
          />
          <RateRow name="Errors" means={rateMeanings.error} a={value.a.summary.error} b={value.b.summary.error} />
          {known.map((compared) => (
            <FigureRow key={compared.figure} compared={compared} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Side({
  name,
  look,
  side: { line, summary },
}: {
  readonly name: string;
  readonly look: string;
  readonly side: RunComparison['a'];
}) {
  const { goodput } = summary;
  return (
    <div>
      <dt>
        <span className={`ss-runs-swatch ss-runs-swatch-${look}`} aria-hidden /> {name}
      </dt>
      <dd className="ss-selectable">
        {line.label === '' ? `${line.method} ${line.url}` : line.label}
        <small>
          {formatQuantity(summary.runs, 'run')}, {line.concurrency} at a time
          {goodput === null ? '' : `, goodput ${formatRate(goodput.perSecond)}`}
        </small>
      </dd>
    </div>
  );
}

function RateRow({
  name,
  means,
  a,
  b,
}: {
  readonly name: string;
  readonly means: string;
  readonly a: RunShare;
  readonly b: RunShare;
}) {
  return (
    <tr>
      <th scope="row">
        <Meaning means={means}>{name}</Meaning>
      </th>
      <td>{percent(a)}</td>
      <td>{percent(b)}</td>
      <td colSpan={3} />
    </tr>
  );
}

function FigureRow({ compared }: { readonly compared: FigureComparison }) {
  const { figure, a, b, difference, relative, interval, verdict } = compared;
  const [tone, words] = verdicts[verdict];
  const share =
    relative === null
      ? ''
      : ` (${relative > 0 ? '+' : relative < 0 ? '−' : ''}${Math.abs(relative * 100).toFixed(1)} %)`;
  return (
    <tr>
      <th scope="row">
        <Meaning means={shownFigures[figure].means}>{shownFigures[figure].title}</Meaning>
      </th>
      <td>{inUnit(figure, a.p50)}</td>
      <td>{inUnit(figure, b.p50)}</td>
      <td>
        {signedInUnit(figure, difference)}
        {share}
      </td>
      <td>
        {interval === null ? '—' : `${signedInUnit(figure, interval.low)} … ${signedInUnit(figure, interval.high)}`}
      </td>
      <td className="ss-runs-verdict">
        <ToneMark tone={tone} /> {words}
      </td>
    </tr>
  );
}
