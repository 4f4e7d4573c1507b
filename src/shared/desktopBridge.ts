import type { Failure } from './failure.ts';
import type { RecordingId } from './words.ts';

/**
 * What the desktop host tells its window and takes from it beside the contract: plain data over one channel each way,
 * and one message port to the engine.
 */

export const platforms = ['mac', 'windows', 'linux'] as const;
export type Platform = (typeof platforms)[number];

/** Commands of the menu bar that the window carries out. The window's own keys and palette run the same ones. */
export const menuCommands = [
  'request.new',
  'request.focusUrl',
  'palette.open',
  'settings.open',
  'keys.show',
  'timeline.zoomIn',
  'timeline.zoomOut',
  'timeline.fit',
  'theme.system',
  'theme.light',
  'theme.dark',
  'theme.high-contrast',
] as const;
export type MenuCommand = (typeof menuCommands)[number];

/** How the engine process is doing. */
export type EngineState =
  | { readonly state: 'starting' }
  | { readonly state: 'running' }
  /** It exited, or could not start. `log`: the last of what it wrote to its standard error. */
  | { readonly state: 'gone'; readonly failure: Failure; readonly log: string };

/** A file that the user opened through the system: dialog, double click, second start, command line. */
export type FileOpening =
  | { readonly state: 'reading'; readonly name: string }
  | { readonly state: 'opened'; readonly name: string; readonly id: RecordingId }
  | { readonly state: 'failed'; readonly name: string; readonly failure: Failure };

export type ToWindow =
  | { readonly type: 'engine'; readonly engine: EngineState }
  | { readonly type: 'file'; readonly opening: FileOpening }
  | { readonly type: 'menu'; readonly command: MenuCommand };

export type FromWindow =
  /** Asks for a port to the engine; answered with `portMessage` once the engine runs. */
  | { readonly type: 'connect' }
  | { readonly type: 'restartEngine' }
  | { readonly type: 'showOpenDialog' }
  /** Asks the user, then opens the address in their browser. */
  | { readonly type: 'openExternal'; readonly url: string };

/** Channel names between main and preload. */
export const bridgeChannel = Object.freeze({
  toWindow: 'streamscope:to-window',
  fromWindow: 'streamscope:from-window',
  port: 'streamscope:port',
});

/** What preload posts into the page along with the engine's port. */
export const portMessage = 'streamscope:port';

/** What preload exposes to the page as `streamscopeBridge`. */
export interface DesktopBridge {
  readonly platform: Platform;
  send(message: FromWindow): void;
  /** Takes one listener, the page's own. */
  listen(listener: (message: ToWindow) => void): void;
}
