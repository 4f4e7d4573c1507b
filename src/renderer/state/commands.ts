import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Platform } from '../../shared/desktopBridge.ts';
import { keyName, typesText, type KeyPress } from './keys.ts';

/** What a command may use. */
export interface CommandContext {
  readonly engine: EngineClient;
}

/** Something the user can do. The palette, the menu, keys and buttons all run the same command. */
export interface Command {
  /** `area.action`, stable. */
  readonly id: string;
  /** What it does, as a menu says it. */
  readonly title: string;
  /** Heading in the palette and in the list of keys. */
  readonly group: string;
  /** Key names of `keys.ts`; the first is the one that is shown beside the title. */
  readonly keys?: readonly string[];
  /** Whether it can be done now; left out: always. */
  readonly when?: () => boolean;
  readonly run: (context: CommandContext) => void;
}

const useRegistry = create<{ readonly commands: ReadonlyMap<string, Command> }>()(() => ({ commands: new Map() }));
let context: CommandContext | null = null;

/** Makes commands known; the returned function forgets them. An id belongs to one command: a second one is a bug. */
export function registerCommands(added: readonly Command[]): () => void {
  const { commands } = useRegistry.getState();
  for (const { id } of added) if (commands.has(id)) throw new Error(`two commands are called ${id}`);
  useRegistry.setState({ commands: new Map([...commands, ...added.map((command) => [command.id, command] as const)]) });
  return () => {
    const left = new Map(useRegistry.getState().commands);
    for (const { id } of added) left.delete(id);
    useRegistry.setState({ commands: left });
  };
}

export function setCommandContext(given: CommandContext): () => void {
  context = given;
  return () => {
    if (context === given) context = null;
  };
}

/** All commands, in the order they became known. */
export function useCommands(): readonly Command[] {
  const commands = useRegistry((state) => state.commands);
  return [...commands.values()];
}

const groupOrder: readonly string[] = [
  'Request',
  'Window',
  'Views',
  'Frames',
  'Timeline',
  'Mock server',
  'Proxy',
  'Settings',
];

/** Commands under their headings; headings the list does not name come last. */
export function byGroup(commands: readonly Command[]): readonly (readonly [string, readonly Command[]])[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) {
    const known = groups.get(command.group);
    if (known === undefined) groups.set(command.group, [command]);
    else known.push(command);
  }
  const place = ([group]: readonly [string, unknown]): number => {
    const at = groupOrder.indexOf(group);
    return at < 0 ? groupOrder.length : at;
  };
  return [...groups].sort((a, b) => place(a) - place(b));
}

function commandWithId(id: string): Command | undefined {
  return useRegistry.getState().commands.get(id);
}

export function canRun(command: Command): boolean {
  return context !== null && (command.when?.() ?? true);
}

/** Runs a command if it is known and can be done now; says whether it was run. */
export function runCommand(id: string): boolean {
  const command = commandWithId(id);
  if (command === undefined || context === null || !canRun(command)) return false;
  command.run(context);
  return true;
}

/** The command that a key press means. @param inTextField the focus is where keys type text */
export function commandForKey(press: KeyPress, platform: Platform, inTextField: boolean): Command | undefined {
  const name = keyName(press, platform);
  if (inTextField && typesText(name)) return undefined;
  for (const command of useRegistry.getState().commands.values()) {
    if (command.keys?.includes(name) === true && canRun(command)) return command;
  }
  return undefined;
}
