import { fileURLToPath } from 'node:url';
import { startDesktop } from '../../../src/main/hosts/desktop/startDesktop.ts';

// The desktop host as it ships, with an engine and a page whose every answer the suite can foretell.
const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));

startDesktop({
  engineEntry: built('./engine.js'),
  preloadFile: built('../preload/preload.cjs'),
  rendererFolder: built('../page/'),
  resourcesFolder: built('../resources/'),
});
