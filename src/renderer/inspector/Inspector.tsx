import { useEffect, useMemo, useState } from 'react';
import { Braces } from 'lucide-react';
import type { Failure } from '../../shared/failure.ts';
import type { FrameDetail } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { useRecordingPart } from '../state/recording.ts';
import { useView, viewActions, type InspectorView } from '../state/view.ts';
import { BytesView } from '../ui/bytes/BytesView.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Editor } from '../ui/editor/Editor.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatOrdinal } from '../ui/format.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { Deltas } from './Deltas.tsx';
import { factsOf, type FactContext } from './facts.ts';
import { jsonPayload, payloadText, plainPayload, type ShownPayload } from './payload.ts';
import './inspector.css';

const allViews: readonly (readonly [InspectorView, string])[] = [
  ['json', 'JSON'],
  ['text', 'Text'],
  ['hex', 'Hex'],
  ['delta', 'Delta'],
];

/** The selected frame taken apart; fills its parent. */
export function Inspector() {
  const id = useView((view) => view.recordingId);
  const frame = useView((view) => view.selectedFrame);
  if (id === null || frame === null) {
    return (
      <PaneMessage icon={Braces} title="No frame selected">
        Choose a frame in the table or on the timeline.
      </PaneMessage>
    );
  }
  return <InspectorOf key={id} id={id} n={frame} />;
}

function InspectorOf({ id, n }: { readonly id: RecordingId; readonly n: number }) {
  const engine = useEngine();
  const [frame, setFrame] = useState<FrameDetail | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  const framing = useRecordingPart(({ detail }) => detail?.framing ?? null);
  const messageRead = useRecordingPart((recording) => recording.messageRead);

  useEffect(() => {
    const controller = new AbortController();
    engine.call('recording.frame', { id, frame: n }, controller.signal).then(
      (found) => {
        setFrame(found);
        setFailure(null);
      },
      (error: unknown) => {
        if (!isCancelled(error)) setFailure(failureOf(error));
      },
    );
    return () => controller.abort();
  }, [engine, id, n, framing, messageRead, attempt]);

  if (failure !== null) return <FailureBox failure={failure} onRetry={() => setAttempt(attempt + 1)} />;
  if (frame === null) return <PaneLoading label="Reading the frame" />;
  return <FrameInspector id={id} frame={frame} />;
}

function FrameInspector({ id, frame }: { readonly id: RecordingId; readonly frame: FrameDetail }) {
  const chosen = useView((state) => state.inspectorView);
  // The choice stands for the next token stream; a frame of none has no deltas to show.
  const view = chosen === 'delta' && frame.deltas === null ? 'json' : chosen;
  const shownViews = frame.deltas === null ? allViews.filter(([name]) => name !== 'delta') : allViews;
  const shown = useMemo(() => (view === 'text' ? plainPayload(frame) : jsonPayload(frame)), [frame, view]);
  return (
    <section className="ss-inspector" aria-label={`Frame ${formatOrdinal(frame.n)}`}>
      <header className="ss-inspector-head">
        <ViewTabs view={view} views={shownViews} />
        <span className="ss-inspector-where" title={`Frame ${formatOrdinal(frame.n)}`}>
          #{formatOrdinal(frame.n)}
        </span>
        <CopyButton
          text={payloadText(frame)}
          label={frame.textTruncated ? 'Copy the part that is shown' : 'Copy the payload'}
        />
        {frame.json === 'valid' && <CopyJson frame={frame} />}
      </header>
      <div className="ss-inspector-body" role="tabpanel" id="ss-inspector-panel" aria-label={view}>
        {view === 'delta' && frame.deltas !== null ? (
          <Deltas deltas={frame.deltas} />
        ) : view === 'hex' ? (
          <FrameBytes id={id} frame={frame} />
        ) : (
          <Payload shown={shown} />
        )}
      </div>
      <Facts frame={frame} />
    </section>
  );
}

interface ViewTabsProps {
  readonly view: InspectorView;
  readonly views: typeof allViews;
}

function ViewTabs({ view, views }: ViewTabsProps) {
  return (
    <div role="tablist" aria-label="How the frame is shown" className="ss-inspector-tabs">
      {views.map(([name, title], i) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={view === name}
          aria-controls="ss-inspector-panel"
          tabIndex={view === name ? 0 : -1}
          className="ss-inspector-tab"
          onClick={() => viewActions.setInspectorView(name)}
          onKeyDown={(event) => {
            const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            const next = views[(i + step + views.length) % views.length];
            if (step === 0 || next === undefined) return;
            viewActions.setInspectorView(next[0]);
            const tab = event.currentTarget.parentElement?.children[views.indexOf(next)];
            if (tab instanceof HTMLElement) tab.focus();
            event.preventDefault();
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function CopyJson({ frame }: { readonly frame: FrameDetail }) {
  return (
    <IconButton
      label="Copy as laid-out JSON"
      icon={Braces}
      size={13}
      onClick={() => void navigator.clipboard.writeText(jsonPayload(frame).text)}
    />
  );
}

function Payload({ shown }: { readonly shown: ShownPayload }) {
  return (
    <>
      {shown.note !== null && <p className="ss-inspector-note">{shown.note}</p>}
      <div className="ss-inspector-editor">
        <Editor value={shown.text} language={shown.language} label="Payload of the frame" readOnly wrap />
      </div>
    </>
  );
}

function FrameBytes({ id, frame }: { readonly id: RecordingId; readonly frame: FrameDetail }) {
  // Only uncoded bodies have one offset for both what was on the wire and what it says.
  const uncoded = useRecordingPart(({ detail }) => detail !== null && detail.contentEncoding === null);
  return (
    <BytesView
      id={id}
      space="body"
      base={frame.offset}
      length={frame.length}
      mode="hex"
      borders={uncoded}
      highlight={null}
      reveal={null}
      label="Bytes of the frame"
    />
  );
}

function Facts({ frame }: { readonly frame: FrameDetail }) {
  const chunks = useRecordingPart(
    ({ advanced, detail }) => advanced?.counts.chunks ?? detail?.summary.counts.chunks ?? 0,
  );
  const exchange = useRecordingPart(({ detail }) => detail?.exchange ?? null);
  const borders = useRecordingPart(({ detail }) => detail?.borders ?? null);
  const context: FactContext = {
    chunks,
    borders,
    timesKnown: exchange?.timesKnown ?? false,
    uncertaintyMicros: exchange?.uncertaintyMicros ?? null,
  };
  return (
    <div className="ss-inspector-facts">
      <dl>
        {factsOf(frame, context).map(({ name, value, means, tone }, i) => (
          <div key={i} title={means ?? undefined}>
            <dt>{name}</dt>
            <dd data-tone={tone}>{value}</dd>
          </div>
        ))}
      </dl>
      {frame.diagnostics.length > 0 && (
        <ul aria-label="Diagnostics of the frame" className="ss-inspector-diagnostics">
          {frame.diagnostics.map((diagnostic, i) => (
            <li key={i}>
              <SeverityMark severity={diagnostic.severity} />
              <span>
                {diagnostic.message} <code>{diagnostic.code}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
