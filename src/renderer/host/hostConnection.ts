import type { EngineClient } from '../../shared/calls.ts';
import type { FileOpening, MenuCommand, Platform } from '../../shared/desktopBridge.ts';
import type { Failure } from '../../shared/failure.ts';

/** Whether calls can succeed just now. */
export type ConnectionState =
  | { readonly state: 'connected' }
  | {
      readonly state: 'lost';
      /** What happened, why, and the way out. */
      readonly failure: Failure;
      /** The last of what the engine wrote to its log; empty where the host cannot know it. */
      readonly log: string;
      /** What `recover` does, as a button says it; null while the host tries by itself. */
      readonly remedy: string | null;
    }
  /** The host is at it: the engine process starts, or the web host is being reached again. */
  | { readonly state: 'recovering' };

/** All that the window knows of where it runs. Each `on…` returns a function that ends the listening. */
export interface HostConnection {
  readonly kind: 'desktop' | 'web';
  readonly platform: Platform;
  /**
   * One client for the life of the page: it survives a restarted engine. What was under way then fails with
   * `engine/gone`; subscriptions are renewed by themselves; filters and unfinished imports are gone.
   */
  readonly client: EngineClient;
  readonly connection: () => ConnectionState;
  readonly onConnectionChanged: (listener: (state: ConnectionState) => void) => () => void;
  /** Restarts the engine process (desktop) or tries to reach the web host at once. */
  readonly recover: () => void;
  /** The system's open dialog; null where the page has to offer a file field of its own. */
  readonly showOpenDialog: (() => void) | null;
  /** Files opened through the system rather than in the page. */
  readonly onFileOpening: (listener: (opening: FileOpening) => void) => () => void;
  readonly onMenuCommand: (listener: (command: MenuCommand) => void) => () => void;
  /** Opens an http or https address in the user's browser, after asking. */
  readonly openExternal: (url: string) => void;
}
