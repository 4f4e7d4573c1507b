import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { RecordingDetail } from '../../shared/recording.ts';
import { framings } from '../../shared/words.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { notifyFailure } from '../state/notices.ts';
import { framingTitles } from '../ui/words.ts';
import { ChoiceItem } from './ChoiceItem.tsx';
import { PathDialog } from './PathDialog.tsx';
import { reread } from './reread.ts';

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
              void reread(engine, { id: summary.id, framing }).then((failure) => {
                if (failure !== null) notifyFailure(failure);
              });
            }}
          >
            <ChoiceItem value="" title="Detect" />
            {framings.map((known) => (
              <ChoiceItem key={known} value={known} title={framingTitles[known]} />
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
        <PathDialog
          title="JSON elements at a path"
          label="Path of the list whose elements are to be frames"
          placeholder="data.items"
          action="Frame anew"
          path={path}
          onChoose={(text) => reread(engine, { id: summary.id, framing: text === '' ? null : 'json', jsonPath: text })}
          onClose={() => setPathOpen(false)}
        >
          Names with dots between them, <code>[*]</code> for each element of a list on the way, quotes around a name
          with dots: <code>pages[*].items</code>. Empty: found out from the body.
        </PathDialog>
      )}
    </DropdownMenu.Root>
  );
}
