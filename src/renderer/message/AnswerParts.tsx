import { useState } from 'react';
import type { MessageAnswer, MessageCall } from '../../shared/message.ts';
import type { PulledAnswer, PulledText } from '../state/message.ts';
import { useView, viewActions } from '../state/view.ts';
import { formatCount, formatQuantity } from '../ui/format.ts';
import { FormattedText, formattedUnitsAtMost } from './FormattedText.tsx';
import { inlineReasoning } from './inlineReasoning.ts';
import { LiveText } from './LiveText.tsx';
import { ToolCard } from './ToolCard.tsx';

interface AnswerPartsProps {
  readonly answer: MessageAnswer;
  readonly pulled: PulledAnswer;
  readonly calls: readonly { readonly call: MessageCall; readonly text: PulledText }[];
  readonly version: number;
  readonly isFormatted: boolean;
  readonly isLive: boolean;
}

/** One answer: reasoning folded above its text, the text, a refusal, and the tool calls. */
export function AnswerParts({ answer, pulled, calls, version, isFormatted, isLive }: AnswerPartsProps) {
  const selectedFrame = useView((view) => view.selectedFrame);
  const reveals = useView((view) => view.selectionOrigin !== 'message');
  const select = (frame: number): void => viewActions.selectFrame(frame, 'message');
  const common = { version, selectedFrame, reveals, onFrame: select };
  const isReasoningSelected = selectedFrame !== null && pulled.reasoning.rangeOf(selectedFrame) !== null;
  const [isApart, setApart] = useState(true);
  const inline = answer.reasoning.length === 0 ? inlineReasoning(pulled.text.text) : null;
  const split = isApart ? inline : null;
  const asFormatted = isFormatted && pulled.text.length <= formattedUnitsAtMost;
  return (
    <>
      {answer.reasoning.length > 0 && (
        <details className="ss-message-reasoning" open={isReasoningSelected || pulled.text.length === 0}>
          <summary>reasoning, {formatQuantity(answer.reasoning.length, 'character')}</summary>
          <LiveText text={pulled.reasoning} label="Reasoning" {...common} />
        </details>
      )}
      {inline !== null && (
        <label className="ss-message-toggle ss-message-none">
          <input type="checkbox" checked={isApart} onChange={(event) => setApart(event.target.checked)} />
          treat what is between &lt;think&gt; tags as reasoning
        </label>
      )}
      {split !== null && (
        <details className="ss-message-reasoning">
          <summary>reasoning, {formatQuantity(split.to - split.from, 'character')}</summary>
          <LiveText text={pulled.text} from={split.from} to={split.to} label="Reasoning" {...common} />
        </details>
      )}
      {isFormatted && !asFormatted && (
        <p className="ss-message-none">
          Too long to be formatted ({formatCount(pulled.text.length)} characters): shown as it is.
        </p>
      )}
      {asFormatted ? (
        <FormattedText text={pulled.text.text.slice(split?.answerFrom ?? 0)} />
      ) : (
        <LiveText text={pulled.text} from={split?.answerFrom ?? 0} label="Text" {...common} />
      )}
      {pulled.text.omitted > 0 && (
        <p className="ss-message-none">{formatCount(pulled.text.omitted)} more characters came and were not kept.</p>
      )}
      {answer.refusal.length > 0 && (
        <div className="ss-message-refusal">
          <h4>Refusal</h4>
          <LiveText text={pulled.refusal} label="Refusal" {...common} />
        </div>
      )}
      {calls.map(({ call, text }, i) => (
        <ToolCard
          key={i}
          call={call}
          pulled={text}
          version={version}
          selectedFrame={selectedFrame}
          reveals={reveals}
          isLive={isLive}
        />
      ))}
    </>
  );
}
