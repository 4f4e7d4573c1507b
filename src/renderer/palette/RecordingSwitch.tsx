import { useLibrary } from '../state/library.ts';
import { viewActions } from '../state/view.ts';
import { RecordingChoice } from './RecordingChoice.tsx';

/** Opens another recording by typing a part of its name or address. */
export function RecordingSwitch() {
  const { recordings } = useLibrary();
  return (
    <RecordingChoice
      title="Switch recording"
      placeholder="Which recording?"
      recordings={recordings}
      onChosen={(id) => viewActions.openRecording(id)}
    />
  );
}
