import { useId, useState, type SubmitEvent } from 'react';
import { wordLimits } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { changeRecording } from './recordingActions.ts';

/** A recording's tags and note. */
export function DescribeDialog({
  summary,
  onClose,
}: {
  readonly summary: RecordingSummary;
  readonly onClose: () => void;
}) {
  const engine = useEngine();
  const id = useId();
  const [tags, setTags] = useState(summary.tags.join(', '));
  const [note, setNote] = useState(summary.note ?? '');
  const given = [...new Set(tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== '');
  const tooLong = given.find((tag) => tag.length > wordLimits.tag);
  const problem =
    tooLong !== undefined
      ? `A tag has at most ${String(wordLimits.tag)} characters.`
      : given.length > wordLimits.tags
        ? `A recording has at most ${String(wordLimits.tags)} tags.`
        : null;
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (problem !== null) return;
    onClose();
    void changeRecording(engine, summary, {
      addTags: given.filter((tag) => !summary.tags.includes(tag)),
      removeTags: summary.tags.filter((tag) => !given.includes(tag)),
      note,
    });
  };
  return (
    <Dialog title={summary.name} onClose={onClose}>
      <form className="ss-library-describe" onSubmit={onSubmit}>
        <label htmlFor={`${id}tags`}>Tags, with commas between them</label>
        <input
          id={`${id}tags`}
          className="ss-field"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}problem`}
          value={tags}
          onChange={(event) => setTags(event.currentTarget.value)}
        />
        {problem !== null && (
          <p id={`${id}problem`} className="ss-library-problem" role="alert">
            {problem}
          </p>
        )}
        <label htmlFor={`${id}note`}>Note</label>
        <textarea
          id={`${id}note`}
          className="ss-field"
          rows={6}
          maxLength={wordLimits.note}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button look="primary" type="submit" disabled={problem !== null}>
          Save
        </Button>
      </form>
    </Dialog>
  );
}
