import { EyeOff, TriangleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ExportFormat, ExportPreview } from '../../shared/export.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { showOverlay } from '../state/overlay.ts';
import { useRecordingPart } from '../state/recording.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { saveFile } from '../ui/saveFile.ts';
import { exportFile } from './exportFile.ts';
import './export.css';

const formats: readonly (readonly [ExportFormat, string, string])[] = [
  [
    'jsonl',
    'Recording (.stream.jsonl)',
    'Every byte, border and time: opens again here, fits a repository or a bug report.',
  ],
  ['har', 'HAR 1.2', 'For browsers and proxies; with the times of events and chunks.'],
  ['raw', 'Body', 'The bytes of the answer after content decoding.'],
  ['frames', 'Frames (NDJSON)', 'One frame a line, with time and place.'],
  ['csv', 'Frames (CSV)', 'One frame a row, for a spreadsheet.'],
  ['text', 'Text', 'What a token stream says; of other streams the payloads of their frames.'],
  ['curl', 'Request as cURL', 'The command that sends this request again.'],
  ['fetch', 'Request as fetch', 'JavaScript for Node and browsers.'],
  ['python', 'Request as Python', 'A script with httpx.'],
  ['aimock', 'Fixture for aimock', 'What a token stream says, to be answered again by a mock of the provider.'],
];

/** Writes the open recording into a file; what is secret in it is hidden unless the user says otherwise. */
export function ExportDialog() {
  const summary = useRecordingPart((live) => live.detail?.summary);
  return (
    <Dialog title="Export" className="ss-export" onClose={() => showOverlay(null)}>
      {summary === undefined ? (
        <p className="ss-quiet">Open a recording to export it.</p>
      ) : (
        <ExportForm key={summary.id} summary={summary} />
      )}
    </Dialog>
  );
}

interface Progress {
  readonly share: number;
  readonly bytes: number;
}

function ExportForm({ summary }: { readonly summary: RecordingSummary }) {
  const engine = useEngine();
  const [format, setFormat] = useState<ExportFormat>('jsonl');
  const [withSecrets, setWithSecrets] = useState(false);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function run(): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    setFailure(null);
    setProgress({ share: 0, bytes: 0 });
    try {
      const wish = { id: summary.id, format, withSecrets };
      const told = (share: number, bytes: number): void => setProgress({ share, bytes });
      saveFile(await exportFile(engine, wish, told, controller.signal));
      showOverlay(null);
    } catch (error) {
      if (!isCancelled(error)) setFailure(failureOf(error));
    } finally {
      if (running.current === controller) running.current = null;
      setProgress(null);
    }
  }

  const about = formats.find(([name]) => name === format)?.[2];
  return (
    <form
      className="ss-export-form"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <p className="ss-export-name">{summary.name}</p>
      <label>
        <span>Format</span>
        <select
          className="ss-field"
          value={format}
          disabled={progress !== null}
          onChange={(event) => {
            const chosen = formats.find(([name]) => name === event.target.value);
            if (chosen !== undefined) setFormat(chosen[0]);
          }}
        >
          {formats.map(([name, title]) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <p className="ss-quiet">{about}</p>
      <Hidden id={summary.id} withSecrets={withSecrets} />
      <label className="ss-check">
        <input
          type="checkbox"
          checked={withSecrets}
          disabled={progress !== null}
          onChange={(event) => setWithSecrets(event.target.checked)}
        />
        <span>Write secrets into the file too</span>
      </label>
      {failure !== null && <FailureBox failure={failure} />}
      <div className="ss-export-actions">
        {progress !== null && (
          <>
            <div
              className="ss-progress"
              role="progressbar"
              aria-label="Exporting"
              aria-valuemin={0}
              aria-valuemax={100}
              aria-valuenow={Math.round(progress.share * 100)}
            >
              <div style={{ width: `${progress.share * 100}%` }} />
            </div>
            <span className="ss-quiet ss-data">
              {progress.bytes === 0 ? 'looking for secrets…' : formatBytes(progress.bytes)}
            </span>
            <Button onClick={() => running.current?.abort()}>Cancel</Button>
          </>
        )}
        {progress === null && (
          <Button type="submit" look="primary">
            {withSecrets ? 'Export with secrets' : 'Export'}
          </Button>
        )}
      </div>
    </form>
  );
}

/** What is hidden, by kind and count, looked for while the dialog is open. */
function Hidden({ id, withSecrets }: { readonly id: RecordingId; readonly withSecrets: boolean }) {
  const engine = useEngine();
  const [preview, setPreview] = useState<ExportPreview | Failure | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    engine.call('export.preview', { id }, controller.signal).then(setPreview, (error: unknown) => {
      if (!isCancelled(error)) setPreview(failureOf(error));
    });
    return () => controller.abort();
  }, [engine, id]);

  if (withSecrets) {
    return (
      <p className="ss-export-warning" role="note">
        <TriangleAlert size={14} aria-hidden /> Whoever gets this file gets the secrets in it.
      </p>
    );
  }
  if (preview === null) return <p className="ss-quiet">Looking for secrets…</p>;
  if ('code' in preview) return <FailureBox failure={preview} />;
  if (preview.hidden.length === 0) return <p className="ss-quiet">No secrets were found in this recording.</p>;
  return (
    <section className="ss-export-hidden" aria-label="What is hidden">
      <h3>
        <EyeOff size={14} aria-hidden /> Hidden, at equal length
      </h3>
      <ul>
        {preview.hidden.map(({ kind, count }) => (
          <li key={kind}>
            <span>{kind}</span>
            <span className="ss-data">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
      {preview.isDecoded && (
        <p className="ss-quiet">The body is written decoded: secrets in compressed bytes cannot be hidden.</p>
      )}
    </section>
  );
}
