import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The build's `out` folder: this module lies in `out/main` once built. */
function outFolder(): string {
  return path.dirname(path.dirname(fileURLToPath(import.meta.url)));
}

export function rendererFolder(): string {
  return path.join(outFolder(), 'renderer');
}

/** Sample recordings that ship with the product. */
export function samplesFolder(): string {
  return path.join(path.dirname(outFolder()), 'resources', 'samples');
}
