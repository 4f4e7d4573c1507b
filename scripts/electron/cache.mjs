import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** Where downloads outside the checkout are kept: `$XDG_CACHE_HOME/streamscope`, by default `~/.cache/streamscope`. */
export function cacheDirectory() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'streamscope');
}
