import { EllipsisVertical } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { canRun, runCommand, useCommands } from './state/commands.ts';
import { useHost } from './state/HostContext.tsx';
import { readableKey } from './state/keys.ts';
import { IconButton } from './ui/IconButton.tsx';

/** Commands that have no place of their own in the window; null draws a line. */
const listed: readonly (string | null)[] = [
  'request.new',
  'request.sendAgain',
  'replay.sendAgain',
  'replay.show',
  'runs.new',
  'runs.show',
  'request.copyAsCurl',
  'request.copyAsCurlWithSecrets',
  null,
  'request.headers',
  'request.body',
  'request.auth',
  'request.options',
  null,
  'file.open',
  'recording.export',
  'library.switch',
  'recording.conversation',
  'scenario.fromRecording',
  null,
  'mock.show',
  'proxy.show',
  null,
  'pane.timeline',
  'settings.open',
  'palette.open',
  'keys.show',
];

/** What can be done with the request and the window, for the mouse. */
export function MoreMenu() {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton label="More actions" icon={EllipsisVertical} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ss-menu" align="end" sideOffset={6} aria-label="More actions">
          <Items />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Items() {
  const { platform } = useHost();
  const commands = new Map(useCommands().map((command) => [command.id, command]));
  return listed.map((id, i) => {
    if (id === null) return <DropdownMenu.Separator key={i} className="ss-menu-line" />;
    const command = commands.get(id);
    if (command === undefined) return null;
    const key = command.keys?.[0];
    return (
      <DropdownMenu.Item key={id} className="ss-menu-item" disabled={!canRun(command)} onSelect={() => runCommand(id)}>
        <span className="ss-menu-title">{command.title}</span>
        {key !== undefined && <kbd className="ss-key">{readableKey(key, platform)}</kbd>}
      </DropdownMenu.Item>
    );
  });
}
