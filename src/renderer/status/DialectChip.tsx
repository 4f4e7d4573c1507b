import { ChevronDown } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import type { RecordingDetail } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { useEngineFacts } from '../state/engineFacts.ts';
import { notifyFailure } from '../state/notices.ts';
import { ChoiceItem } from './ChoiceItem.tsx';
import { PathDialog } from './PathDialog.tsx';
import { reread } from './reread.ts';

/** Begins the name of a dialect of the user's own. */
const ownPrefix = 'generic:';

const evidenceWords = {
  user: 'Chosen by you.',
  hints: 'Told by the address and the headers.',
  content: 'Told by the frames themselves.',
} as const;

/** What the frames mean, why so, and a menu to read them another way. */
export function DialectChip({ detail }: { readonly detail: RecordingDetail }) {
  const engine = useEngine();
  const dialects = useEngineFacts()?.dialects ?? [];
  const [isPathOpen, setPathOpen] = useState(false);
  const { dialect, exchange, summary } = detail;
  const chosen = exchange.dialectOverride ?? '';
  const title = dialect === null ? 'no dialect' : dialect.title;
  const choose = (name: string | null) =>
    reread(engine, {
      id: summary.id,
      framing: exchange.framingOverride,
      ...(exchange.jsonPathOverride === undefined ? {} : { jsonPath: exchange.jsonPathOverride }),
      dialect: name,
    });
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <button type="button" className="ss-chip" data-quiet={dialect === null} aria-label={`Dialect: ${title}`}>
          {title}
          {chosen !== '' && <span aria-label="chosen by you">*</span>}
          <ChevronDown size={12} aria-hidden />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ss-menu ss-menu-long" align="start" sideOffset={4} aria-label="Dialect">
          <p className="ss-menu-note">
            {dialect === null
              ? 'These frames are in no dialect of AI token streams that is known here.'
              : `${evidenceWords[dialect.by]}${dialect.variant === null ? '' : ` Spoken by ${dialect.variant}.`}`}
          </p>
          <div className="ss-menu-line" />
          <DropdownMenu.RadioGroup
            value={chosen}
            onValueChange={(value) => {
              void choose(value === '' ? null : value).then((failure) => {
                if (failure !== null) notifyFailure(failure);
              });
            }}
          >
            <ChoiceItem value="" title="Detect" />
            {dialects.map(({ name, title: known }) => (
              <ChoiceItem key={name} value={name} title={known} />
            ))}
          </DropdownMenu.RadioGroup>
          <div className="ss-menu-line" />
          <DropdownMenu.Item className="ss-menu-item" onSelect={() => setPathOpen(true)}>
            <span className="ss-menu-check" />
            Text at a path…
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
      {isPathOpen && (
        <PathDialog
          title="Text at a path"
          label="Path of the text in each frame’s JSON"
          placeholder="choices.0.text"
          action="Read anew"
          path={chosen.startsWith(ownPrefix) ? chosen.slice(ownPrefix.length) : ''}
          onChoose={(path) => choose(`${ownPrefix}${path}`)}
          onClose={() => setPathOpen(false)}
        >
          Keys and indexes with dots between them: <code>choices.0.text</code>. Empty: each frame’s payload is text.
        </PathDialog>
      )}
    </DropdownMenu.Root>
  );
}
