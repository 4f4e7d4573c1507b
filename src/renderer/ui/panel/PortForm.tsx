import { useId, useState } from 'react';
import { Button } from '../Button.tsx';
import { portIn } from './portIn.ts';

interface PortFormProps {
  readonly wantedPort: number;
  readonly running: boolean;
  readonly disabled: boolean;
  readonly onPort: (port: number) => void;
}

/** The port a server listens on, and is to listen on. Where that one is taken, the next free one is, and it says so. */
export function PortForm({ wantedPort, running, disabled, onPort }: PortFormProps) {
  const [typed, setTyped] = useState(String(wantedPort));
  const id = useId();
  const port = portIn(typed);
  const isOther = port !== wantedPort;
  return (
    <form
      className="ss-panel-port"
      onSubmit={(event) => {
        event.preventDefault();
        if (port !== null && !disabled) onPort(port);
      }}
    >
      <label htmlFor={id}>Port</label>
      <input
        id={id}
        className="ss-field ss-data"
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        aria-invalid={port === null}
        title={port === null ? 'A whole number from 0 (any free one) to 65,535' : '0: any free one'}
        onChange={({ target }) => setTyped(target.value)}
      />
      {/* Always there, so that typing moves nothing. */}
      <Button type="submit" disabled={disabled || port === null || !isOther} data-unseen={!isOther}>
        {running ? 'Restart there' : 'Start there'}
      </Button>
    </form>
  );
}
