import { useCallback, useEffect, useMemo, useRef, useState, type SyntheticEvent } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import type { BorderKind, RecordingId } from '../../shared/words.ts';
import { whyEmpty } from '../state/emptyBody.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { refreshRecording, useRecording } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { borderWords } from '../ui/borderWords.ts';
import { Button } from '../ui/Button.tsx';
import { BytesView } from '../ui/bytes/BytesView.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes, formatCount } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { parseOffset } from './offsetText.ts';
import './raw.css';

/** The body's bytes, all of them; fills its parent. */
export function RawView() {
  const id = useView((view) => view.recordingId);
  const { detail, advanced, failure } = useRecording();
  if (id === null) return null;
  if (detail === null) {
    if (failure !== null) return <FailureBox failure={failure} onRetry={refreshRecording} />;
    return <PaneLoading label="Opening the recording" />;
  }
  const counts = advanced?.counts ?? detail.summary.counts;
  if (counts.wireBytes === 0) return <PaneMessage title="No bytes">{whyEmpty(detail)}</PaneMessage>;
  return (
    <RawOf
      key={id}
      id={id}
      detail={detail}
      wireBytes={counts.wireBytes}
      bodyBytes={Math.min(counts.bodyBytes, Math.max(detail.readableBodyBytes, advanced?.counts.bodyBytes ?? 0))}
    />
  );
}

interface RawOfProps {
  readonly id: RecordingId;
  readonly detail: RecordingDetail;
  readonly wireBytes: number;
  readonly bodyBytes: number;
}

function RawOf({ id, detail, wireBytes, bodyBytes }: RawOfProps) {
  const engine = useEngine();
  const coded = detail.contentEncoding !== null;
  const [mode, setMode] = useState<'text' | 'hex'>('text');
  const [onWire, setOnWire] = useState(false);
  const [asked, setAsked] = useState<{ readonly offset: number } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const picking = useRef<AbortController | null>(null);
  const place = useFramePlace(id, setFailure);
  const origin = useView((view) => view.selectionOrigin);
  const space = coded && !onWire ? 'body' : 'wire';
  const length = space === 'wire' ? wireBytes : bodyBytes;
  // Frames lie in the decoded body; where nothing is coded that is the wire as well.
  const framed = !coded || !onWire;
  const highlight = useMemo(
    () => (place === null || !framed ? null : { from: place.offset, to: place.offset + place.length }),
    [place, framed],
  );
  const reveal = useMemo(
    () => asked ?? (highlight === null || origin === 'raw' ? null : { offset: highlight.from }),
    [asked, highlight, origin],
  );

  useEffect(() => () => picking.current?.abort(), []);
  const pick = useCallback(
    (offset: number): void => {
      if (!framed) return;
      picking.current?.abort();
      const controller = new AbortController();
      picking.current = controller;
      setAsked(null);
      engine.call('recording.frameAtOffset', { id, offset }, controller.signal).then(
        ({ frame }) => {
          if (frame !== null) viewActions.selectFrame(frame, 'raw');
        },
        (error: unknown) => {
          if (!isCancelled(error)) setFailure(failureOf(error));
        },
      );
    },
    [engine, id, framed],
  );

  return (
    <div className="ss-raw">
      <div className="ss-raw-bar">
        <Choice
          label="How bytes are shown"
          options={[
            ['text', 'Text'],
            ['hex', 'Hex'],
          ]}
          chosen={mode}
          onChoose={setMode}
        />
        {coded && (
          <Choice
            label="Which bytes"
            options={[
              ['body', 'Decoded'],
              ['wire', `As received (${detail.contentEncoding})`],
            ]}
            chosen={onWire ? 'wire' : 'body'}
            onChoose={(which) => setOnWire(which === 'wire')}
          />
        )}
        <span className="ss-raw-length">{formatBytes(length)}</span>
        {space === 'wire' ? (
          <BorderLegend kind={detail.borders ?? 'read'} />
        ) : (
          <span className="ss-raw-hint">Chunk borders exist only in the bytes as received</span>
        )}
        <GoTo length={length} onGo={(offset) => setAsked({ offset })} />
      </div>
      {failure !== null && <FailureBox failure={failure} onRetry={() => setFailure(null)} />}
      <div className="ss-raw-bytes">
        <BytesView
          id={id}
          space={space}
          base={0}
          length={length}
          mode={mode}
          borders={space === 'wire'}
          highlight={highlight}
          reveal={reveal}
          onPick={pick}
          label="Body"
        />
      </div>
    </div>
  );
}

/** Which kinds of borders this recording has, drawn as they are in the bytes. */
function BorderLegend({ kind }: { readonly kind: BorderKind }) {
  const { border, read, means } = borderWords[kind];
  return (
    <span className="ss-raw-hint ss-raw-legend" role="note" aria-label="Borders" title={means}>
      <span className="ss-raw-border" />
      {border}
      {read !== null && (
        <>
          <span className="ss-raw-read" />
          {read}
        </>
      )}
    </span>
  );
}

interface FramePlace {
  readonly offset: number;
  readonly length: number;
}

/** Where the selected frame's bytes lie; null without a selection. */
function useFramePlace(id: RecordingId, onFailure: (failure: Failure) => void): FramePlace | null {
  const engine = useEngine();
  const frame = useView((view) => view.selectedFrame);
  const [place, setPlace] = useState<FramePlace | null>(null);
  useEffect(() => {
    if (frame === null) return undefined;
    const controller = new AbortController();
    const input = { id, from: frame, count: 1, filterId: null, foldHeartbeats: false };
    engine.call('recording.rows', input, controller.signal).then(
      (rows) => setPlace(rows.n.length === 0 ? null : { offset: rows.offset[0] ?? 0, length: rows.length[0] ?? 0 }),
      (error: unknown) => {
        if (!isCancelled(error)) onFailure(failureOf(error));
      },
    );
    return () => controller.abort();
  }, [engine, id, frame, onFailure]);
  return frame === null ? null : place;
}

interface ChoiceProps<Option extends string> {
  readonly label: string;
  readonly options: readonly (readonly [Option, string])[];
  readonly chosen: Option;
  readonly onChoose: (option: Option) => void;
}

function Choice<Option extends string>({ label, options, chosen, onChoose }: ChoiceProps<Option>) {
  return (
    <div role="group" aria-label={label} className="ss-raw-choice">
      {options.map(([option, title]) => (
        <button key={option} type="button" aria-pressed={option === chosen} onClick={() => onChoose(option)}>
          {title}
        </button>
      ))}
    </div>
  );
}

function GoTo({ length, onGo }: { readonly length: number; readonly onGo: (offset: number) => void }) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const offset = parseOffset(text);
    if (offset === null) setProblem('An offset is a number such as 15402 or 0x3c2a.');
    else if (offset >= length)
      setProblem(`There are ${formatCount(length)} bytes; the last is at ${formatCount(length - 1)}.`);
    else {
      setProblem(null);
      onGo(offset);
    }
  };
  return (
    <form className="ss-raw-goto" onSubmit={submit}>
      <input
        className="ss-field"
        aria-label="Go to offset"
        aria-invalid={problem !== null}
        placeholder="offset, 0x…"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit">Go</Button>
      {problem !== null && (
        <p role="alert" className="ss-raw-problem">
          {problem}
        </p>
      )}
    </form>
  );
}
