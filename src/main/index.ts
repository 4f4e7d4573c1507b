import { fileURLToPath } from 'node:url';
import { startDesktop } from './hosts/desktop/startDesktop.ts';

const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));

startDesktop({
  engineEntry: built('./engine.js'),
  preloadFile: built('../preload/index.cjs'),
  rendererFolder: built('../renderer/'),
  resourcesFolder: built('../../resources/'),
});
