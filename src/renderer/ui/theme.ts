import type { Settings } from '../../shared/settings.ts';

/** A look the tokens have values for. */
export type Theme = 'light' | 'dark' | 'high-contrast';

const listeners = new Set<(theme: Theme) => void>();
const dark = matchMedia('(prefers-color-scheme: dark)');
const moreContrast = matchMedia('(prefers-contrast: more)');
let choice: Settings['theme'] = 'system';
let colors = new Map<string, string>();

function resolve(): Theme {
  if (choice !== 'system') return choice;
  if (moreContrast.matches) return 'high-contrast';
  return dark.matches ? 'dark' : 'light';
}

let current = resolve();

function apply(): void {
  const theme = resolve();
  const changed = theme !== current || document.documentElement.dataset['theme'] === undefined;
  document.documentElement.dataset['theme'] = theme;
  if (!changed) return;
  current = theme;
  colors = new Map();
  for (const listener of [...listeners]) listener(theme);
}

dark.addEventListener('change', apply);
moreContrast.addEventListener('change', apply);
apply();

/** Takes the user's choice; `system` follows the system from now on. */
export function chooseTheme(chosen: Settings['theme']): void {
  choice = chosen;
  apply();
}

export function currentTheme(): Theme {
  return current;
}

/** Calls the listener after each change, when `cssColor` already gives the new values. */
export function onThemeChanged(listener: (theme: Theme) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** `#abc` as `#aabbcc`: a minified stylesheet shortens colours, and the text editor's themes take only whole ones. */
function wholeHex(color: string): string {
  return /^#[\da-f]{3,4}$/i.test(color) ? color.replace(/[\da-f]/gi, '$&$&') : color;
}

/** The value of a colour token, such as `--k-event`, in the current theme, for drawing on a canvas. */
export function cssColor(name: `--${string}`): string {
  let color = colors.get(name);
  if (color === undefined) {
    color = wholeHex(getComputedStyle(document.documentElement).getPropertyValue(name).trim());
    if (color === '') throw new Error(`there is no colour token ${name}`);
    colors.set(name, color);
  }
  return color;
}
