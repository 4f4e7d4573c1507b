import { viewActions } from '../state/view.ts';
import { Meaning } from '../ui/Meaning.tsx';
import { unknown, type Figure } from './figures.ts';

interface FiguresProps {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Numbers with their definitions on hover; a number that a frame set leads to it. */
export function Figures({ title, figures }: FiguresProps) {
  if (figures.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl className="ss-message-figures">
        {figures.map(({ name, value, means, frame }) => (
          <div key={name}>
            <dt>
              <Meaning means={means}>{name}</Meaning>
            </dt>
            <dd data-unknown={value === unknown}>
              {frame === null || value === unknown ? (
                value
              ) : (
                <button
                  type="button"
                  className="ss-link"
                  title={`Set by frame ${frame + 1}`}
                  onClick={() => viewActions.selectFrame(frame, 'message')}
                >
                  {value}
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
