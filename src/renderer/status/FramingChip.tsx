import { Check, ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { EngineClient } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingDetail } from '../../shared/recording.ts';
import { framings, type Framing, type RecordingId } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { failureOf, isCancelled } from '../state/failureOf.ts';
import { notifyFailure } from '../state/notices.ts';
import { framingTitles } from '../ui/words.ts';
import { JsonPathDialog } from './JsonPathDialog.tsx';

/** @returns what is wrong with the choice, or null */
async function reframe(
  engine: EngineClient,
  id: RecordingId,
  framing: Framing | null,
  jsonPath?: string,
): Promise<Failure | null> {
  try {
    await engine.call('recording.reframe', { id, framing, ...(jsonPath === undefined ? {} : { jsonPath }) });
    return null;
  } catch (error) {
    return isCancelled(error) ? null : failureOf(error);
  }
}

/** How the bytes are taken apart, why so, and a menu to do it another way. */
export function FramingChip({ detail }: { readonly detail: RecordingDetail }) {
  const engine = useEngine();
  const { framing, exchange, summary } = detail;
  const [isPathOpen, setPathOpen] = useState(false);
  const chosen = exchange.framingOverride;
  const path = exchange.jsonPathOverride ?? '';
  const where = framing?.shape === 'path' && path !== '' ? path : framing?.shape;
  const shape = where === null || where === undefined ? '' : ` ${where}`;
  const title = framing === null ? 'Framing' : `${framingTitles[framing.framing]}${shape}`;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="ss-chip" aria-label={`Framing: ${title}`}>
          {title}
          {chosen !== null && <span aria-label="chosen by you">*</span>}
          <ChevronDown size={12} aria-hidden />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ss-menu" align="start" sideOffset={4} aria-label="Framing">
          <p className="ss-menu-note">{framing?.reason ?? 'Nothing has come yet to tell the framing from.'}</p>
          <div className="ss-menu-line" />
          <DropdownMenu.RadioGroup
            value={chosen ?? ''}
            onValueChange={(value) => {
              const framing = framings.find((known) => known === value) ?? null;
              void reframe(engine, summary.id, framing).then((failure) => {
                if (failure !== null) notifyFailure(failure);
              });
            }}
          >
            <FramingItem value="" title="Detect" />
            {framings.map((known) => (
              <FramingItem key={known} value={known} title={framingTitles[known]} />
            ))}
          </DropdownMenu.RadioGroup>
          <div className="ss-menu-line" />
          <DropdownMenu.Item className="ss-menu-item" onSelect={() => setPathOpen(true)}>
            <span className="ss-menu-check" />
            JSON elements at a path…
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
      {isPathOpen && (
        <JsonPathDialog
          path={path}
          onChoose={(text) => reframe(engine, summary.id, text === '' ? null : 'json', text)}
          onClose={() => setPathOpen(false)}
        />
      )}
    </DropdownMenu.Root>
  );
}

function FramingItem({ value, title }: { readonly value: string; readonly title: string }) {
  return (
    <DropdownMenu.RadioItem className="ss-menu-item" value={value}>
      <span className="ss-menu-check">
        <DropdownMenu.ItemIndicator>
          <Check size={14} aria-hidden />
        </DropdownMenu.ItemIndicator>
      </span>
      {title}
    </DropdownMenu.RadioItem>
  );
}
