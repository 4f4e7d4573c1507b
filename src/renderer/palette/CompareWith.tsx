import { comparingActions } from '../state/comparing.ts';
import { useLibrary } from '../state/library.ts';
import { useView, viewActions } from '../state/view.ts';
import { RecordingChoice } from './RecordingChoice.tsx';

/** Chooses what the open recording is compared with; those of the same address come first. */
export function CompareWith() {
  const { recordings } = useLibrary();
  const id = useView((view) => view.recordingId);
  const url = recordings.find((recording) => recording.id === id)?.url;
  const others = recordings.filter((recording) => recording.id !== id);
  const isAlike = (each: { readonly url: string }): boolean => url !== '' && each.url === url;
  return (
    <RecordingChoice
      title="Compare with"
      placeholder="Compare with which recording?"
      recordings={[...others.filter(isAlike), ...others.filter((each) => !isAlike(each))]}
      onChosen={(other) => {
        if (id === null) return;
        comparingActions.choose(id, other);
        viewActions.setTab('compare');
      }}
    />
  );
}
