import type { FrameWords, SpanWords } from '../../shared/message.ts';
import { viewActions } from '../state/view.ts';
import { deltaTitle, visibleWords } from '../ui/deltaWords.ts';
import { formatCount, formatDuration, formatOrdinal, formatQuantity } from '../ui/format.ts';

/** What a token stream said in a span; of a gap, what it said before and after. */
export function Words({ words }: { readonly words: SpanWords }) {
  const { runs, omitted, contentUnits, before, after, framesWithoutContent } = words;
  return (
    <div className="ss-span-words">
      {contentUnits === 0 ? (
        <>
          <p>
            No content came here
            {framesWithoutContent > 0 && `, but ${formatQuantity(framesWithoutContent, 'frame')} without any`}.
          </p>
          <Neighbour title="before" words={before} />
          <Neighbour title="after" words={after} />
        </>
      ) : (
        <>
          <p className="ss-span-said">
            {runs.map((run, i) => (
              <span key={i} className={`ss-said-${run.kind}`} title={deltaTitle(run.kind)}>
                {visibleWords(run.text)}
              </span>
            ))}
          </p>
          {omitted > 0 && <p>and {formatCount(omitted)} more characters</p>}
        </>
      )}
    </div>
  );
}

function Neighbour({ title, words }: { readonly title: string; readonly words: FrameWords | null }) {
  if (words === null) return <p>{title}: nothing</p>;
  return (
    <button
      type="button"
      className="ss-span-neighbour"
      title={`${deltaTitle(words.kind)} at ${formatDuration(words.micros)}: go to the frame`}
      onClick={() => viewActions.selectFrame(words.frame, 'timeline')}
    >
      <span>
        {title} · frame {formatOrdinal(words.frame)}
      </span>
      <span className={`ss-span-said ss-said-${words.kind}`}>{visibleWords(words.text)}</span>
    </button>
  );
}
