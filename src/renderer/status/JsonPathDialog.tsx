import { useState, type SubmitEvent } from 'react';
import type { Failure } from '../../shared/failure.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';

interface JsonPathDialogProps {
  /** The path in force; empty where the elements are detected. */
  readonly path: string;
  /** Frames the recording anew; what is wrong with the path, or null. Empty: detect. */
  readonly onChoose: (path: string) => Promise<Failure | null>;
  readonly onClose: () => void;
}

/** Where the elements of a JSON body are, typed as a path. */
export function JsonPathDialog({ path, onChoose, onClose }: JsonPathDialogProps) {
  const [text, setText] = useState(path);
  const [failure, setFailure] = useState<Failure | null>(null);
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void onChoose(text.trim()).then((found) => {
      setFailure(found);
      if (found === null) onClose();
    });
  };
  return (
    <Dialog title="JSON elements at a path" onClose={onClose}>
      <form className="ss-json-path" onSubmit={onSubmit}>
        <label htmlFor="ss-json-path">Path of the list whose elements are to be frames</label>
        <input
          id="ss-json-path"
          className="ss-field ss-data"
          placeholder="data.items"
          spellCheck={false}
          autoComplete="off"
          aria-invalid={failure !== null}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p className="ss-quiet">
          Names with dots between them, <code>[*]</code> for each element of a list on the way, quotes around a name
          with dots: <code>pages[*].items</code>. Empty: found out from the body.
        </p>
        {failure !== null && <FailureBox failure={failure} />}
        <Button look="primary" type="submit">
          Frame anew
        </Button>
      </form>
    </Dialog>
  );
}
