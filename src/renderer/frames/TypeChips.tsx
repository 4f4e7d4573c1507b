import type { FrameTypeCount } from '../../shared/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { formatCount } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';
import { typeChoice, typeWord, withTypeChoice } from './filterText.ts';

const shownChips = 12;

/** The types of frames with their counts. A click shows one type alone, with Alt or Shift it hides it; again: neither. */
export function TypeChips({ types }: { readonly types: readonly FrameTypeCount[] }) {
  const text = useView((view) => view.filterText);
  const sorted = [...types].sort((a, b) => b.count - a.count);
  return (
    <div className="ss-types" role="group" aria-label="Types of frames">
      {sorted.slice(0, shownChips).map((type) => (
        <TypeChip key={`${type.kind} ${type.type}`} type={type} text={text} />
      ))}
      {sorted.length > shownChips && (
        <span className="ss-types-more">{formatCount(sorted.length - shownChips)} more types</span>
      )}
    </div>
  );
}

function TypeChip({ type, text }: { readonly type: FrameTypeCount; readonly text: string }) {
  const word = typeWord(type);
  const name = visibleText(type.type === '' ? type.kind : type.type);
  const choice = word === null ? 'neither' : typeChoice(text, word);
  return (
    <button
      type="button"
      className="ss-type-chip"
      data-choice={choice}
      aria-pressed={choice === 'only'}
      disabled={word === null}
      title={word === null ? 'A name with spaces cannot be filtered for' : 'Show only these; Alt-click hides them'}
      onClick={(event) => {
        if (word === null) return;
        const wanted = event.altKey || event.shiftKey ? 'hidden' : 'only';
        viewActions.setFilterText(withTypeChoice(text, word, choice === 'neither' ? wanted : 'neither'));
      }}
    >
      <span className={`ss-kind ss-kind-${type.kind}`} aria-hidden />
      {name}
      <span className="ss-type-count">{formatCount(type.count)}</span>
      <span className="ss-unseen">{choice === 'hidden' ? 'frames, hidden' : 'frames'}</span>
    </button>
  );
}
