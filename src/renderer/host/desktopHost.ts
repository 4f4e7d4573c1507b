import { assertNever } from '../../shared/assertNever.ts';
import { createClient } from '../../shared/client.ts';
import {
  portMessage,
  type DesktopBridge,
  type EngineState,
  type FileOpening,
  type MenuCommand,
} from '../../shared/desktopBridge.ts';
import type { ConnectionState, HostConnection } from './hostConnection.ts';
import { createListeners } from './listeners.ts';
import { messagePort } from './messagePort.ts';

function connectionOf(engine: EngineState): ConnectionState {
  switch (engine.state) {
    case 'starting':
      return { state: 'recovering' };
    case 'running':
      return { state: 'connected' };
    case 'gone':
      return { state: 'lost', failure: engine.failure, log: engine.log, remedy: 'Restart the engine' };
  }
}

/** Joins the window to the desktop host through the bridge that preload exposes. */
export function desktopHost(bridge: DesktopBridge): HostConnection {
  const port = messagePort();
  const client = createClient(port);
  const connections = createListeners<ConnectionState>();
  const openings = createListeners<FileOpening>();
  const commands = createListeners<MenuCommand>();
  let connection: ConnectionState = { state: 'recovering' };

  function follow(engine: EngineState): void {
    const wasLost = connection.state === 'lost';
    connection = connectionOf(engine);
    if (engine.state === 'gone') port.lose(engine.failure);
    // The port to the new engine is there before it listens; calls wait in it.
    if (engine.state === 'starting' && wasLost) bridge.send({ type: 'connect' });
    connections.tell(connection);
  }

  bridge.listen((message) => {
    switch (message.type) {
      case 'engine':
        follow(message.engine);
        return;
      case 'file':
        openings.tell(message.opening);
        return;
      case 'menu':
        commands.tell(message.command);
        return;
      default:
        assertNever(message, 'message from the desktop host');
    }
  });
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const [given] = event.ports;
    // Preload shares the page's window object; another frame's message has another source.
    if (event.source !== window || event.data !== portMessage || given === undefined) return;
    port.replace(given);
  });
  bridge.send({ type: 'connect' });

  return {
    kind: 'desktop',
    platform: bridge.platform,
    client,
    connection: () => connection,
    onConnectionChanged: connections.add,
    recover() {
      bridge.send({ type: 'restartEngine' });
    },
    showOpenDialog() {
      bridge.send({ type: 'showOpenDialog' });
    },
    onFileOpening: openings.add,
    onMenuCommand: commands.add,
    openExternal(url) {
      bridge.send({ type: 'openExternal', url });
    },
  };
}
