import { Wrench } from 'lucide-react';
import type { MessageCall } from '../../shared/message.ts';
import type { PulledText } from '../state/message.ts';
import { viewActions } from '../state/view.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { formatOrdinal } from '../ui/format.ts';
import { formatJson } from '../ui/formatJson.ts';
import { visibleText } from '../ui/visibleText.ts';
import { LiveText } from './LiveText.tsx';

interface ToolCardProps {
  readonly call: MessageCall;
  readonly pulled: PulledText;
  readonly version: number;
  readonly selectedFrame: number | null;
  readonly reveals: boolean;
  readonly isLive: boolean;
}

/** A tool call: its arguments as they grow, then as JSON in one form, so that two of them can be compared by eye. */
export function ToolCard({ call, pulled, version, selectedFrame, reveals, isLive }: ToolCardProps) {
  const { name, id, kind, runs, isWhole, status, startFrame, result, resultFrame } = call;
  const isOpen = isLive && call.endFrame === null && !isWhole;
  const pretty = isWhole && pulled.text.length === pulled.length && kind !== 'custom' ? formatJson(pulled.text) : null;
  const isSelected = selectedFrame !== null && pulled.rangeOf(selectedFrame) !== null;
  const select = (frame: number): void => viewActions.selectFrame(frame, 'message');
  return (
    <article className="ss-tool" data-selected={isSelected} aria-label={`Tool call ${name ?? ''}`}>
      <header>
        <Wrench size={13} aria-hidden />
        <strong>{visibleText(name ?? 'without a name')}</strong>
        <span className="ss-tool-note">{runs === 'server' ? `run by the provider · ${visibleText(kind)}` : kind}</span>
        {id !== null && <code title="Id of the call">{visibleText(id)}</code>}
        <span className="ss-tool-state" data-tone={!isOpen && !isWhole && pulled.length > 0 ? 'error' : 'plain'}>
          {isOpen ? 'arguments are coming' : isWhole ? (status ?? '') : pulled.length > 0 ? 'cut off' : 'no arguments'}
        </span>
        <button type="button" className="ss-link" onClick={() => select(startFrame)}>
          frame {formatOrdinal(startFrame)}
        </button>
        <CopyButton text={pretty ?? pulled.text} label="Copy the arguments" />
      </header>
      {pretty === null ? (
        <LiveText
          text={pulled}
          version={version}
          selectedFrame={selectedFrame}
          reveals={reveals}
          label="Arguments"
          onFrame={select}
        />
      ) : (
        <pre className="ss-tool-json">{pretty}</pre>
      )}
      {result !== null && (
        <details>
          <summary>
            result
            {resultFrame !== null && ` · frame ${formatOrdinal(resultFrame)}`}
          </summary>
          <pre className="ss-tool-json">{result}</pre>
        </details>
      )}
    </article>
  );
}
