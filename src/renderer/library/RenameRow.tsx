import { useState, type CSSProperties } from 'react';
import { wordLimits } from '../../shared/library.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { changeRecording } from './recordingActions.ts';

interface RenameRowProps {
  readonly summary: RecordingSummary;
  readonly place: CSSProperties;
  readonly onDone: () => void;
}

/** A line of the library whose name is being typed. Enter keeps it, Escape does not; no name: its own again. */
export function RenameRow({ summary, place, onDone }: RenameRowProps) {
  const engine = useEngine();
  const [name, setName] = useState(summary.name);
  const keep = (): void => {
    onDone();
    if (name.trim() !== summary.name) void changeRecording(engine, summary, { name: name === '' ? null : name });
  };
  return (
    <div role="presentation" className="ss-library-row ss-library-rename" style={place}>
      <input
        className="ss-field"
        aria-label={`New name of ${summary.name}`}
        placeholder="Its own name"
        autoFocus
        spellCheck={false}
        maxLength={wordLimits.name}
        value={name}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={onDone}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') keep();
          else if (event.key === 'Escape') onDone();
        }}
      />
    </div>
  );
}
