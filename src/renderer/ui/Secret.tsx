import { Eye } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './IconButton.tsx';

interface SecretProps {
  readonly value: string;
  readonly masked: string;
  /** What it is, as in “Reveal Authorization while held”. */
  readonly name: string;
}

/** A value that is shown masked, and as it is only while its button is held. */
export function Secret({ value, masked, name }: SecretProps) {
  const [held, setHeld] = useState(false);
  if (value === masked) return <span className="ss-secret-text">{value}</span>;
  const release = (): void => setHeld(false);
  return (
    <span className="ss-secret">
      <span className="ss-secret-text">{held ? value : masked}</span>
      <IconButton
        label={`Reveal ${name} while held`}
        icon={Eye}
        size={13}
        aria-pressed={held}
        onPointerDown={(event) => {
          // The text changes its width and moves the button from under the pointer.
          event.currentTarget.setPointerCapture(event.pointerId);
          setHeld(true);
        }}
        onLostPointerCapture={release}
        onBlur={release}
        onKeyDown={(event) => {
          if (event.key !== ' ' && event.key !== 'Enter') return;
          event.preventDefault();
          setHeld(true);
        }}
        onKeyUp={release}
      />
    </span>
  );
}
