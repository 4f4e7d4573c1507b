import { DropdownMenu } from 'radix-ui';
import type { RecordingSummary } from '../../shared/recording.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { notify } from '../state/notices.ts';
import { showOverlay } from '../state/overlay.ts';
import { scenarioFromRecording } from '../state/scenarios.ts';
import { viewActions } from '../state/view.ts';
import { changeRecording, removeRecording } from './recordingActions.ts';

export interface MenuPlace {
  readonly summary: RecordingSummary;
  /** Pixels in the window. */
  readonly x: number;
  readonly y: number;
}

interface RecordingMenuProps {
  readonly place: MenuPlace;
  readonly onRename: (summary: RecordingSummary) => void;
  readonly onDescribe: (summary: RecordingSummary) => void;
  readonly onClose: () => void;
  /** Gives the focus back to the list, unless something else is to have it. */
  readonly onFocusBack: () => void;
}

/** What can be done with a recording of the library, open while it is rendered. */
export function RecordingMenu({ place, onRename, onDescribe, onClose, onFocusBack }: RecordingMenuProps) {
  const engine = useEngine();
  const { summary, x, y } = place;
  const isLive = summary.state === 'live';
  return (
    <DropdownMenu.Root
      open
      modal={false}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <DropdownMenu.Trigger asChild>
        <span aria-hidden className="ss-library-anchor" style={{ left: x, top: y }} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="ss-menu"
          align="start"
          aria-label={`Recording ${summary.name}`}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onFocusBack();
          }}
        >
          <Item title="Rename" keyName="F2" onSelect={() => onRename(summary)} />
          <Item title="Tags and note…" onSelect={() => onDescribe(summary)} />
          <Item
            title={summary.starred ? 'Remove star' : 'Star'}
            keyName="*"
            onSelect={() => void changeRecording(engine, summary, { starred: !summary.starred })}
          />
          <Item
            title="Copy id"
            onSelect={() => {
              void navigator.clipboard.writeText(summary.id).then(
                () => notify({ tone: 'info', text: `${summary.id} was copied.` }),
                () => notify({ tone: 'warning', text: `The clipboard cannot be used here. The id is ${summary.id}.` }),
              );
            }}
          />
          <Item
            title="Export…"
            disabled={isLive}
            onSelect={() => {
              viewActions.openRecording(summary.id);
              showOverlay('export');
            }}
          />
          <Item
            title="Save as scenario…"
            disabled={isLive}
            onSelect={() => void scenarioFromRecording(engine, summary.id)}
          />
          <DropdownMenu.Separator className="ss-menu-line" />
          <Item
            title={isLive ? 'Delete (stop it first)' : 'Delete'}
            keyName="Delete"
            disabled={isLive}
            onSelect={() => void removeRecording(engine, summary)}
          />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ItemProps {
  readonly title: string;
  readonly keyName?: string;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

function Item({ title, keyName, disabled = false, onSelect }: ItemProps) {
  return (
    <DropdownMenu.Item className="ss-menu-item" disabled={disabled} onSelect={onSelect}>
      <span className="ss-menu-title">{title}</span>
      {keyName !== undefined && <kbd className="ss-key">{keyName}</kbd>}
    </DropdownMenu.Item>
  );
}
