import { useId, useState, type ReactNode, type SubmitEvent } from 'react';
import type { Failure } from '../../shared/failure.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';

interface PathDialogProps {
  readonly title: string;
  readonly label: string;
  readonly placeholder: string;
  /** What the button does. */
  readonly action: string;
  /** The path in force; empty for none. */
  readonly path: string;
  /** How a path is written. */
  readonly children: ReactNode;
  /** Reads the recording anew; what is wrong with the path, or null. */
  readonly onChoose: (path: string) => Promise<Failure | null>;
  readonly onClose: () => void;
}

/** A place in the JSON of a stream, typed as a path. */
export function PathDialog({ title, label, placeholder, action, path, children, onChoose, onClose }: PathDialogProps) {
  const id = useId();
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
    <Dialog title={title} onClose={onClose}>
      <form className="ss-json-path" onSubmit={onSubmit}>
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="ss-field ss-data"
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={failure !== null}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <p className="ss-quiet">{children}</p>
        {failure !== null && <FailureBox failure={failure} />}
        <Button look="primary" type="submit">
          {action}
        </Button>
      </form>
    </Dialog>
  );
}
