import { FileDown, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useEngine } from '../state/EngineContext.tsx';
import { useHost } from '../state/HostContext.tsx';
import { viewActions } from '../state/view.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { bringInAll, dismissImport, hostImport, useImporting, type Importing } from './importing.ts';
import './import.css';

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** Takes files dropped anywhere on the window, and shows files on their way in. */
export function FileDrop() {
  const engine = useEngine();
  const host = useHost();
  const [over, setOver] = useState(false);
  const { imports } = useImporting();

  useEffect(() => {
    const ends = new AbortController();
    const { signal } = ends;
    // Enter and leave come for every element on the way: only their difference tells whether the pointer is inside.
    let depth = 0;
    const listen = (
      type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      listener: (event: DragEvent) => void,
    ): void =>
      window.addEventListener(
        type,
        (event) => {
          if (carriesFiles(event)) listener(event);
        },
        { signal },
      );
    listen('dragenter', () => {
      depth++;
      setOver(true);
    });
    listen('dragleave', () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    });
    listen('dragover', (event) => {
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
    });
    listen('drop', (event) => {
      event.preventDefault();
      depth = 0;
      setOver(false);
      void bringInAll(engine, [...(event.dataTransfer?.files ?? [])]);
    });
    return () => ends.abort();
  }, [engine]);

  useEffect(() => {
    const shown = new Map<string, ReturnType<typeof hostImport>>();
    return host.onFileOpening((opening) => {
      const card = shown.get(opening.name) ?? hostImport(opening.name);
      shown.set(opening.name, card);
      if (opening.state === 'reading') return;
      shown.delete(opening.name);
      if (opening.state === 'failed') {
        card.fail(opening.failure);
        return;
      }
      card.done();
      viewActions.openRecording(opening.id);
    });
  }, [host]);

  return (
    <>
      {over && (
        <div className="ss-drop" role="status">
          <FileDown size={28} aria-hidden />
          Drop to open
        </div>
      )}
      {imports.length > 0 && (
        <div className="ss-imports" role="group" aria-label="Files being opened">
          {imports.map((each) => (
            <ImportCard key={each.key} importing={each} />
          ))}
        </div>
      )}
    </>
  );
}

function ImportCard({ importing }: { readonly importing: Importing }) {
  const { key, name, progress, failure, cancel, again } = importing;
  if (failure !== null) {
    return (
      <FailureBox failure={failure} {...(again === null ? {} : { onRetry: again })}>
        <IconButton label="Dismiss" icon={X} onClick={() => dismissImport(key)} />
      </FailureBox>
    );
  }
  const percent =
    progress === null || progress.sizeBytes === 0 ? null : (progress.receivedBytes / progress.sizeBytes) * 100;
  return (
    <div className="ss-import">
      <div className="ss-import-line">
        <span className="ss-import-name">{name}</span>
        <span className="ss-quiet ss-data">
          {progress === null
            ? 'reading…'
            : `${formatBytes(progress.receivedBytes)} of ${formatBytes(progress.sizeBytes)}`}
        </span>
        {cancel !== null && <IconButton label={`Cancel opening ${name}`} icon={X} onClick={cancel} />}
      </div>
      <div
        className="ss-progress"
        role="progressbar"
        aria-label={`Opening ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent === null ? undefined : Math.round(percent)}
      >
        <div style={{ width: `${percent ?? 100}%` }} data-unknown={percent === null} />
      </div>
    </div>
  );
}
