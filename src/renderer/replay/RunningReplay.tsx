import { CircleDot, Square, StepForward } from 'lucide-react';
import { useState } from 'react';
import { assertNever } from '../../shared/assertNever.ts';
import type { Failure } from '../../shared/failure.ts';
import { replaySpan, type ReplayDescription, type ReplayFault } from '../../shared/replay.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { comparingActions } from '../state/comparing.ts';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { showOverlay } from '../state/overlay.ts';
import { viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatBytes, formatCount, formatDateTime } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';

const shownLogLines = 6;

/** One recording that is being served: where, how, to whom. */
export function RunningReplay({ replay }: { readonly replay: ReplayDescription }) {
  const engine = useEngine();
  const [failure, setFailure] = useState<Failure | null>(null);
  const {
    replayId,
    recordingId,
    name,
    url,
    options,
    notes,
    activeClients,
    served,
    left,
    sentBytes,
    waitingForStep,
    log,
  } = replay;

  const attempt = (act: () => Promise<unknown>): void => {
    setFailure(null);
    act().catch((error: unknown) => {
      if (!isCancelled(error)) setFailure(failureOf(error));
    });
  };
  const record = async (): Promise<void> => {
    const { id } = await engine.call('replay.open', { replayId });
    // What the original and its replay differ in is one tab away.
    comparingActions.choose(id, recordingId);
    viewActions.openRecording(id);
    if (options.speed !== 'step') showOverlay(null);
  };

  return (
    <section className="ss-replay-running" aria-label={`Replay of ${name}`}>
      <h3>
        <CircleDot size={13} aria-hidden /> {name}
      </h3>
      <p className="ss-replay-address ss-data ss-selectable">
        {url} <CopyButton text={url} label="Copy the address" />
      </p>
      <p className="ss-quiet">{howItIsServed(replay)}</p>
      {notes.map((note) => (
        <p key={note} className="ss-replay-note">
          {note}
        </p>
      ))}
      <p className="ss-data">
        {formatCount(activeClients)} active, {formatCount(served)} served, {formatCount(left)} left,{' '}
        {formatBytes(sentBytes)}
      </p>
      <div className="ss-replay-actions">
        {options.speed === 'step' && (
          <Button
            look="primary"
            disabled={waitingForStep === 0}
            onClick={() => attempt(() => engine.call('replay.step', { replayId }))}
          >
            <StepForward size={13} aria-hidden /> Next chunk
          </Button>
        )}
        <Button onClick={() => attempt(record)}>Replay here</Button>
        <Button onClick={() => attempt(() => engine.call('replay.stop', { replayId }))}>
          <Square size={12} aria-hidden /> Stop
        </Button>
      </div>
      {failure !== null && <FailureBox failure={failure} />}
      {log.length > 0 && (
        <ol className="ss-replay-log ss-data" aria-label="What clients did">
          {log
            .slice(-shownLogLines)
            .toReversed()
            .map(({ at, client, message }, n) => (
              <li key={log.length - n}>
                <time title={formatDateTime(at)}>{new Date(at).toLocaleTimeString()}</time> client {formatCount(client)}
                : {visibleText(message)}
              </li>
            ))}
        </ol>
      )}
    </section>
  );
}

function howItIsServed({ options }: ReplayDescription): string {
  const { speed, delayMicros, jitterMicros, passes, faults } = options;
  const parts = [
    speed === 'max' ? 'without waiting' : speed === 'step' ? 'step by step' : `× ${String(speed)}`,
    ...(delayMicros > 0 ? [`head delayed by ${replaySpan(delayMicros)}`] : []),
    ...(jitterMicros > 0 ? [`jitter up to ${replaySpan(jitterMicros)}`] : []),
    ...(passes === null ? ['again and again'] : passes > 1 ? [`${formatCount(passes)} times`] : []),
    ...faults.map(faultText),
  ];
  return parts.join(' · ');
}

function faultText(fault: ReplayFault): string {
  switch (fault.kind) {
    case 'cut':
      return `closed after frame ${formatCount(fault.afterFrames)}`;
    case 'reset':
      return `reset after frame ${formatCount(fault.afterFrames)}`;
    case 'stall':
      return `silent for ${replaySpan(fault.micros)} after frame ${formatCount(fault.afterFrames)}`;
    case 'drop':
      return `without frame ${formatCount(fault.frame + 1)}`;
    case 'duplicate':
      return `frame ${formatCount(fault.frame + 1)} twice`;
    case 'corrupt':
      return `byte ${formatCount(fault.offset)} inverted`;
    case 'split':
      return `chunks of ${formatBytes(fault.bytes)}`;
    case 'coalesce':
      return `${formatCount(fault.chunks)} chunks as one`;
    case 'slow':
      return `at most ${formatBytes(fault.bytesPerSecond)}/s`;
    default:
      return assertNever(fault, 'fault');
  }
}
