import { useVirtualizer } from '@tanstack/react-virtual';
import { ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import type { CheckedRule } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { useRecordingPart } from '../state/recording.ts';
import { useView, viewActions } from '../state/view.ts';
import { FailureBox } from '../ui/FailureBox.tsx';
import { formatCount, formatOrdinal, formatQuantity } from '../ui/format.ts';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { visibleText } from '../ui/visibleText.ts';
import { RulesChecked } from './RulesChecked.tsx';
import { useDiagnosticsWindow, type DiagnosticsWindow } from './useDiagnosticsWindow.ts';
import './diagnostics.css';

/** Of a row whose sentence fits on one line; what is drawn is measured. */
const usualRowHeight = 52;

/** What is wrong with the open recording, or which rules found nothing. */
export function Diagnostics() {
  const id = useView((view) => view.recordingId);
  return id === null ? null : <DiagnosticsOf key={id} id={id} />;
}

function DiagnosticsOf({ id }: { readonly id: RecordingId }) {
  const counts = useRecordingPart(({ detail, advanced }) => advanced?.counts ?? detail?.summary.counts);
  const { error, warning, info } = counts?.diagnostics ?? { error: 0, warning: 0, info: 0 };
  const window = useDiagnosticsWindow(id, error + warning + info);
  if (window.failure !== null) {
    return (
      <div className="ss-diagnostics-failure">
        <FailureBox failure={window.failure} onRetry={window.again} />
      </div>
    );
  }
  if (window.page === null) return <PaneLoading label="Reading the diagnostics" />;
  return window.page.total === 0 ? <NothingFound window={window} /> : <Found window={window} />;
}

function NothingFound({ window }: { readonly window: DiagnosticsWindow }) {
  const rules = window.page?.rulesChecked ?? [];
  const detail = useRecordingPart((recording) => recording.detail);
  // An ending is no diagnostic: nothing is right because no rule speaks of it.
  const isBadEnd = detail !== null && detail.verdict.tone === 'bad';
  return (
    <div className="ss-diagnostics-none">
      <PaneMessage icon={ShieldCheck} title={isBadEnd ? 'Nothing wrong found but the ending' : 'Nothing wrong found'}>
        {isBadEnd && (
          <p>
            {detail.verdict.word}. {visibleText(detail.verdict.sentence)}
          </p>
        )}
        <p>{checkedWords(rules)}.</p>
      </PaneMessage>
      <RulesChecked rules={rules} />
    </div>
  );
}

function checkedWords(rules: readonly CheckedRule[]): string {
  const applicable = rules.filter(({ state }) => state !== 'not-applicable').length;
  return `${formatQuantity(applicable, 'rule')} checked, ${formatCount(rules.length - applicable)} not applicable`;
}

function Found({ window }: { readonly window: DiagnosticsWindow }) {
  const [showsRules, setShowsRules] = useState(false);
  const { total = 0, listed = 0, rulesChecked = [] } = window.page ?? {};
  return (
    <div className="ss-diagnostics-found">
      <div className="ss-diagnostics-head">
        <span>
          {listed < total ? `${formatCount(listed)} of ${formatCount(total)} listed` : `${formatCount(total)} found`}
        </span>
        <button type="button" className="ss-chip" aria-pressed={showsRules} onClick={() => setShowsRules(!showsRules)}>
          {checkedWords(rulesChecked)}
        </button>
      </div>
      {showsRules ? (
        <div className="ss-diagnostics-rules">
          <RulesChecked rules={rulesChecked} />
        </div>
      ) : (
        <DiagnosticList window={window} />
      )}
    </div>
  );
}

function DiagnosticList({ window }: { readonly window: DiagnosticsWindow }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const selected = useView((view) => view.selectedFrame);
  const total = window.page?.listed ?? 0;
  const advice = new Map(window.page?.rulesChecked.map((rule) => [rule.code, rule.advice]));
  // The compiler rule warns of its functions, which read the list's own state: nothing here passes them on.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => usualRowHeight,
    overscan: 6,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { show } = window;
  useEffect(() => {
    show(first, last);
  }, [show, first, last]);

  function choose(row: number): void {
    setActive(row);
    virtualizer.scrollToIndex(row, { align: 'auto' });
    const frame = window.at(row)?.frame;
    if (frame !== undefined) viewActions.selectFrame(frame, 'diagnostics');
  }

  function keyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -total, End: total }[event.key];
    if (event.key === 'Enter') showFrame(window.at(active));
    else if (step !== undefined) choose(Math.min(total - 1, Math.max(0, active + step)));
    else return;
    event.preventDefault();
  }

  return (
    <div
      ref={scroller}
      className="ss-diagnostics"
      role="listbox"
      aria-label="Diagnostics"
      tabIndex={0}
      aria-activedescendant={active < 0 ? undefined : `diagnostic-${active}`}
      onKeyDown={keyDown}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const diagnostic = window.at(index);
          const place = { transform: `translateY(${start}px)` };
          if (diagnostic === undefined) {
            return (
              <div
                key={index}
                ref={virtualizer.measureElement}
                data-index={index}
                role="presentation"
                className="ss-diagnostic"
                style={place}
              />
            );
          }
          const isSelected = active < 0 ? selected !== null && diagnostic.frame === selected : index === active;
          return (
            <div
              key={index}
              ref={virtualizer.measureElement}
              data-index={index}
              id={`diagnostic-${index}`}
              role="option"
              aria-selected={isSelected}
              aria-setsize={total}
              aria-posinset={index + 1}
              className="ss-diagnostic"
              style={place}
              onClick={() => choose(index)}
              onDoubleClick={() => showFrame(diagnostic)}
            >
              <SeverityMark severity={diagnostic.severity} />
              <span className="ss-diagnostic-message">{visibleText(diagnostic.message)}</span>
              <code>{diagnostic.code}</code>
              <span className="ss-diagnostic-advice">{advice.get(diagnostic.code)}</span>
              <span className="ss-diagnostic-place ss-data">{placeOf(diagnostic)}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function showFrame(diagnostic: Diagnostic | undefined): void {
  if (diagnostic?.frame === undefined) return;
  viewActions.selectFrame(diagnostic.frame, 'diagnostics');
  viewActions.setTab('frames');
}

/** Frames are numbered from 1, as in the table. */
function placeOf({ frame, offset, length }: Diagnostic): string {
  const parts: string[] = [];
  if (frame !== undefined) parts.push(`frame ${formatOrdinal(frame)}`);
  if (offset !== undefined) parts.push(`@ ${formatCount(offset)}`);
  if (length !== undefined && frame === undefined) parts.push(`${formatCount(length)} B`);
  return parts.join(' ');
}
