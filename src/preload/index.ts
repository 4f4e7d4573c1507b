import { contextBridge, ipcRenderer } from 'electron';
import { bridgeChannel, portMessage, type DesktopBridge, type ToWindow } from '../shared/desktopBridge.ts';

const platform = process.platform === 'darwin' ? 'mac' : process.platform === 'win32' ? 'windows' : 'linux';

const bridge: DesktopBridge = {
  platform,
  send(message) {
    ipcRenderer.send(bridgeChannel.fromWindow, message);
  },
  listen(listener) {
    ipcRenderer.on(bridgeChannel.toWindow, (_, message: ToWindow) => {
      listener(message);
    });
  },
};
contextBridge.exposeInMainWorld('streamscopeBridge', bridge);

// A port cannot cross the context bridge; posted into the page it can.
ipcRenderer.on(bridgeChannel.port, ({ ports }) => {
  window.postMessage(portMessage, window.location.origin, ports);
});
