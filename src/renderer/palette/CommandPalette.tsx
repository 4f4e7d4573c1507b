import { Command } from 'cmdk';
import { byGroup, canRun, runCommand, useCommands, type Command as AppCommand } from '../state/commands.ts';
import { useHost } from '../state/HostContext.tsx';
import { readableKey } from '../state/keys.ts';
import { showOverlay } from '../state/overlay.ts';
import { Dialog } from '../ui/Dialog.tsx';
import './palette.css';

/** Every action that can be done now, found by typing. */
export function CommandPalette() {
  const { platform } = useHost();
  const commands = useCommands().filter(canRun);
  function run({ id }: AppCommand): void {
    showOverlay(null);
    runCommand(id);
  }
  return (
    <Dialog title="Command palette" bare className="ss-palette" onClose={() => showOverlay(null)}>
      <Command label="Commands" loop>
        <Command.Input placeholder="What do you want to do?" />
        <Command.List>
          <Command.Empty>No command has these words.</Command.Empty>
          {byGroup(commands).map(([group, ofGroup]) => (
            <Command.Group key={group} heading={group}>
              {ofGroup.map((command) => (
                <Command.Item
                  key={command.id}
                  value={`${command.title} ${command.id}`}
                  keywords={[group]}
                  onSelect={() => run(command)}
                >
                  <span>{command.title}</span>
                  {command.keys?.[0] !== undefined && (
                    <kbd className="ss-key">{readableKey(command.keys[0], platform)}</kbd>
                  )}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
