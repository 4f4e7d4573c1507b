import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { MessageSquareText } from 'lucide-react';
import { Tooltip } from 'radix-ui';
import type { MessageAnswer, MessageView } from '../../shared/message.ts';
import type { RecordingId } from '../../shared/words.ts';
import { whyEmpty } from '../state/emptyBody.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { followMessage, useMessage, type MessageState } from '../state/message.ts';
import { useRecordingPart } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatOrdinal, formatQuantity } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { visibleText } from '../ui/visibleText.ts';
import { AnswerParts } from './AnswerParts.tsx';
import { Figures } from './Figures.tsx';
import { rateFigures, serverFigures, timeFigures, tokenFigures } from './figures.ts';
import { SummaryButtons } from './SummaryButtons.tsx';
import './message.css';

/** What the model said, piece by piece as it came, with its numbers; fills its parent. */
export function Message() {
  const id = useView((view) => view.recordingId);
  return id === null ? null : <MessageOf key={id} id={id} />;
}

function MessageOf({ id }: { readonly id: RecordingId }) {
  const engine = useEngine();
  const [attempt, setAttempt] = useState(0);
  const revision = useRecordingPart(
    ({ detail }) => `${detail?.exchange.dialectOverride ?? ''} ${detail?.framing?.framing ?? ''}`,
  );
  useEffect(() => followMessage(engine, id), [engine, id, attempt, revision]);
  const state = useMessage();
  if (state.failure !== null) return <FailureBox failure={state.failure} onRetry={() => setAttempt(attempt + 1)} />;
  if (!state.isAsked) return <PaneLoading label="Reading the message" />;
  if (state.view === null) return <NoMessage />;
  return (
    <Tooltip.Provider delayDuration={200}>
      <div className="ss-message">
        <Body state={state} view={state.view} />
        <Aside view={state.view} />
      </div>
    </Tooltip.Provider>
  );
}

/** Why there is no message. */
function NoMessage() {
  const detail = useRecordingPart((live) => live.detail);
  const advanced = useRecordingPart((live) => live.advanced);
  if (detail === null) return <PaneLoading label="Opening the recording" />;
  if ((advanced?.counts ?? detail.summary.counts).frames === 0) {
    const isLive = advanced?.live ?? detail.summary.state === 'live';
    return (
      <PaneMessage icon={MessageSquareText} title={isLive ? 'No frame yet' : 'No frames'}>
        {whyEmpty(detail)}
      </PaneMessage>
    );
  }
  return (
    <PaneMessage icon={MessageSquareText} title="No message to put together">
      <p>
        These frames are in no dialect of AI token streams that is known here. If they are, choose the dialect in the
        status line above, or name the place of the text.
      </p>
    </PaneMessage>
  );
}

function Body({ state, view }: { readonly state: MessageState; readonly view: MessageView }) {
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const isLive = useRecordingPart(({ detail, advanced }) => advanced?.live ?? detail?.summary.state === 'live');
  const [isFormatted, setFormatted] = useState(false);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (isLive && isAtEnd.current && element !== null) element.scrollTop = element.scrollHeight;
  }, [isLive, state.version]);

  return (
    <div className="ss-message-main">
      <div className="ss-message-bar">
        <span>{view.model === null ? 'model unknown' : visibleText(view.model)}</span>
        {view.id !== null && <code title="Id of the answer">{visibleText(view.id)}</code>}
        {view.answers.length > 1 && <span>{formatQuantity(view.answers.length, 'answer')}</span>}
        <span className="ss-message-bar-space" />
        <label className="ss-message-toggle">
          <input type="checkbox" checked={isFormatted} onChange={(event) => setFormatted(event.target.checked)} />
          formatted
        </label>
        <SummaryButtons view={view} />
      </div>
      <div
        ref={scroller}
        className="ss-message-scroll"
        tabIndex={0}
        role="region"
        aria-label="Message"
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {view.answers.map((answer, i) => {
          const pulled = state.answers[i];
          return pulled === undefined ? null : (
            <section key={answer.index} aria-label={`Answer ${formatOrdinal(answer.index)}`}>
              {view.answers.length > 1 && <h3>Answer {formatOrdinal(answer.index)}</h3>}
              <AnswerParts
                answer={answer}
                pulled={pulled}
                calls={view.calls.flatMap((call, place) => {
                  const text = state.calls[place];
                  return call.choice === answer.index && text !== undefined ? [{ call, text }] : [];
                })}
                version={state.version}
                isFormatted={isFormatted}
                isLive={isLive}
              />
              <FinishLine answer={answer} view={view} isLive={isLive} />
            </section>
          );
        })}
        {view.answers.length === 0 && <p className="ss-message-none">Nothing said yet.</p>}
        {view.errors.map(({ code, message, frame }) => (
          <p key={frame} className="ss-message-error" role="alert">
            <strong>{code === null ? 'error' : visibleText(code)}</strong> {visibleText(message)}{' '}
            <FrameLink frame={frame} />
          </p>
        ))}
      </div>
    </div>
  );
}

function FinishLine({
  answer,
  view,
  isLive,
}: {
  readonly answer: MessageAnswer;
  readonly view: MessageView;
  readonly isLive: boolean;
}) {
  const { finish } = answer;
  if (finish === null) {
    if (isLive || view.isTerminated) return null;
    return (
      <p className="ss-message-finish" data-tone="warning">
        Ended without a finish reason.
      </p>
    );
  }
  const isGood = finish.meaning === 'end' || finish.meaning === 'tools';
  return (
    <p className="ss-message-finish" data-tone={isGood ? 'good' : 'warning'}>
      finished: <strong>{visibleText(finish.reason)}</strong> <FrameLink frame={finish.frame} />
    </p>
  );
}

function FrameLink({ frame }: { readonly frame: number }) {
  return (
    <button type="button" className="ss-link" onClick={() => viewActions.selectFrame(frame, 'message')}>
      frame {formatOrdinal(frame)}
    </button>
  );
}

function Aside({ view }: { readonly view: MessageView }) {
  const detail = useRecordingPart((live) => live.detail);
  const { citations, totalCitations, usage, mediaCharacters } = view;
  return (
    <aside className="ss-message-aside" aria-label="Numbers of the message">
      <Figures title="Times since the request" figures={timeFigures(view, detail)} />
      <Figures title="Speed" figures={rateFigures(view)} />
      <Figures title="Tokens" figures={tokenFigures(view)} />
      <Figures title="The server’s own times" figures={serverFigures(view)} />
      {usage !== null && (
        <details>
          <summary>usage as it was sent</summary>
          <pre className="ss-tool-json">{usage.raw}</pre>
        </details>
      )}
      {totalCitations > 0 && (
        <details>
          <summary>{formatQuantity(totalCitations, 'citation')}</summary>
          {citations.map(({ json, frame }, i) => (
            <div key={i} className="ss-message-citation">
              <FrameLink frame={frame} />
              <pre className="ss-tool-json">{json}</pre>
            </div>
          ))}
        </details>
      )}
      {mediaCharacters > 0 && <p>{formatCount(mediaCharacters)} characters of sound or pictures, not shown.</p>}
    </aside>
  );
}
