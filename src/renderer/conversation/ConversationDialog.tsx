import { useEffect, useState } from 'react';
import { MessagesSquare } from 'lucide-react';
import type { Conversation, ConversationExchange, ConversationTurn, TurnCall } from '../../shared/conversation.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { showOverlay } from '../state/overlay.ts';
import { useView, viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatDateTime, formatQuantity } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import './conversation.css';

/** Requests and answers of the conversation that the open recording is part of, in order. */
export function ConversationDialog() {
  const id = useView((view) => view.recordingId);
  return (
    <Dialog title="Conversation" onClose={() => showOverlay(null)} className="ss-conversation-dialog">
      {id !== null && <ConversationOf key={id} id={id} />}
    </Dialog>
  );
}

type Reading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly conversation: Conversation | null }
  | { readonly kind: 'failed'; readonly failure: Failure };

function ConversationOf({ id }: { readonly id: RecordingId }) {
  const engine = useEngine();
  const [reading, setReading] = useState<Reading>({ kind: 'reading' });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    engine.call('conversation.read', { id }, controller.signal).then(
      ({ conversation }) => setReading({ kind: 'read', conversation }),
      (error: unknown) => {
        if (!isCancelled(error)) setReading({ kind: 'failed', failure: failureOf(error) });
      },
    );
    return () => controller.abort();
  }, [engine, id, attempt]);

  if (reading.kind === 'reading') return <PaneLoading label="Reading the requests" />;
  if (reading.kind === 'failed') {
    return <FailureBox failure={reading.failure} onRetry={() => setAttempt(attempt + 1)} />;
  }
  const { conversation } = reading;
  if (conversation === null) {
    return (
      <PaneMessage icon={MessagesSquare} title="No conversation">
        The body of this recording’s request holds no turns that can be read: it is no request to a language model, or
        it was imported without its request.
      </PaneMessage>
    );
  }
  return (
    <>
      <ol className="ss-conversation" aria-label="Requests and answers">
        {conversation.exchanges.map((exchange, i) => (
          <Exchange
            key={exchange.recordingId}
            exchange={exchange}
            number={i + 1}
            isOpen={exchange.recordingId === id}
          />
        ))}
      </ol>
      <p className="ss-conversation-scope">{scopeOf(conversation)}</p>
    </>
  );
}

function scopeOf({ lookedAt, leftOut }: Conversation): string {
  const looked = `${formatQuantity(lookedAt, 'recording')} of this server looked at`;
  if (leftOut === 0) return `${looked}.`;
  return `${looked}; ${formatCount(leftOut)} left out: older than the newest 500, or with a request of more than 1 MB.`;
}

interface ExchangeProps {
  readonly exchange: ConversationExchange;
  readonly number: number;
  readonly isOpen: boolean;
}

function Exchange({ exchange, number, isOpen }: ExchangeProps) {
  const { recordingId, startedAt, model, turns, omittedTurns, answer } = exchange;
  return (
    <li className="ss-exchange-pair" aria-current={isOpen ? 'true' : undefined}>
      <header>
        <strong>{formatCount(number)}</strong>
        <span>{[formatDateTime(startedAt), model].filter((part) => part !== null).join(' · ')}</span>
        {isOpen ? (
          <span className="ss-exchange-open">open</span>
        ) : (
          <Button
            onClick={() => {
              viewActions.openRecording(recordingId);
              showOverlay(null);
            }}
          >
            Open the recording
          </Button>
        )}
      </header>
      {omittedTurns > 0 && <p className="ss-turn-more">{formatQuantity(omittedTurns, 'earlier turn')} not shown</p>}
      {turns.map((turn, i) => (
        <Turn key={i} turn={turn} />
      ))}
      <Answer answer={answer} />
    </li>
  );
}

function Turn({ turn }: { readonly turn: ConversationTurn }) {
  return (
    <section className="ss-turn" data-role={turn.role} aria-label={turn.role}>
      <h3>{turn.role}</h3>
      <div>
        <Words text={turn.text} length={turn.length} />
        {turn.media > 0 && (
          <p className="ss-turn-more">
            {formatQuantity(turn.media, 'picture, sound or file', 'pictures, sounds or files')}
          </p>
        )}
        <Calls calls={turn.calls} />
      </div>
    </section>
  );
}

function Answer({ answer }: { readonly answer: ConversationExchange['answer'] }) {
  if (answer === null) return <p className="ss-turn-more">The answer is no token stream that can be read.</p>;
  return (
    <section className="ss-turn" data-role="answer" aria-label="answer">
      <h3>answer</h3>
      <div>
        <Words text={answer.text} length={answer.length} />
        <Calls calls={answer.calls} />
        <p className="ss-turn-more">{answer.finish === null ? 'no finish reason' : `finished: ${answer.finish}`}</p>
      </div>
    </section>
  );
}

function Words({ text, length }: { readonly text: string; readonly length: number }) {
  return (
    <>
      {text !== '' && <pre>{text}</pre>}
      {length > text.length && <p className="ss-turn-more">{formatCount(length - text.length)} more characters</p>}
    </>
  );
}

function Calls({ calls }: { readonly calls: readonly TurnCall[] }) {
  return calls.map((call, i) => (
    <p key={i} className="ss-turn-call">
      <span className="ss-delta-mark ss-delta-tool" aria-hidden /> {call.name ?? 'tool call'}{' '}
      <code>{call.arguments}</code>
    </p>
  ));
}
