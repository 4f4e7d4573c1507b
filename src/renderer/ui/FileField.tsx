import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './Button.tsx';
import { IconButton } from './IconButton.tsx';
import { formatBytes } from './format.ts';

export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface FileFieldProps {
  readonly label: string;
  /** What is chosen now, in words; null: nothing. */
  readonly chosen: string | null;
  readonly most: number;
  readonly onChoose: (file: ChosenFile) => void;
  /** Absent: what is chosen cannot be taken away. */
  readonly onRemove?: () => void;
}

/** A file that is read in the page: its contents go on, its name on this machine does not. */
export function FileField({ label, chosen, most, onChoose, onRemove }: FileFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);

  async function choose(file: File): Promise<void> {
    if (file.size > most) {
      setProblem(`${file.name} has ${formatBytes(file.size)}; at most ${formatBytes(most)} can be sent from here.`);
      return;
    }
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      setProblem(null);
      onChoose({ name: file.name, bytes });
    } catch (error) {
      setProblem(`${file.name} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  return (
    <span className="ss-file">
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file can be chosen again after it has changed.
          if (file !== undefined) void choose(file).finally(() => (target.value = ''));
        }}
      />
      <Button onClick={() => input.current?.click()} aria-label={`Choose ${label.toLowerCase()}`}>
        Choose…
      </Button>
      {chosen === null || chosen === '' ? null : <span className="ss-data">{chosen}</span>}
      {chosen !== null && onRemove !== undefined && (
        <IconButton label={`Remove ${label.toLowerCase()}`} icon={X} onClick={onRemove} />
      )}
      {problem !== null && (
        <span className="ss-file-problem" role="alert">
          {problem}
        </span>
      )}
    </span>
  );
}
