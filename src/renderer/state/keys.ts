import type { Platform } from '../../shared/desktopBridge.ts';

/** The parts of a keyboard event that decide which command it means. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/**
 * The spelling of a key press as commands name it: `Mod+Enter`, `Mod+Shift+C`, `j`, `G`, `?`, `ArrowDown`. Mod is ⌘ on
 * a Mac and Ctrl elsewhere. Shift is named only where the key's own character does not show it.
 */
export function keyName(press: KeyPress, platform: Platform): string {
  const mac = platform === 'mac';
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  const isCharacter = /^.$/u.test(press.key);
  const parts: string[] = [];
  if (mod) parts.push('Mod');
  if (other) parts.push(mac ? 'Ctrl' : 'Meta');
  if (press.altKey) parts.push('Alt');
  if (press.shiftKey && (!isCharacter || mod)) parts.push('Shift');
  const name = press.key === ' ' ? 'Space' : isCharacter && mod ? press.key.toUpperCase() : press.key;
  return [...parts, name].join('+');
}

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' };
const otherWords: Readonly<Record<string, string>> = { Mod: 'Ctrl' };
const keySigns: Readonly<Record<string, string>> = {
  Enter: '⏎',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

/** A key as a person reads it: `⌘K` on a Mac, `Ctrl+K` elsewhere. */
export function readableKey(key: string, platform: Platform): string {
  // A lone plus is a key, not a joint.
  const parts = key.split(/\+(?!$)/);
  const words = parts.map((part) => {
    const modifier = platform === 'mac' ? macSigns[part] : otherWords[part];
    return modifier ?? keySigns[part] ?? part;
  });
  return words.join(platform === 'mac' ? '' : '+');
}

/** A key that types something into a text field, so that a field with the focus keeps it. */
export function typesText(key: string): boolean {
  return !/^(Mod|Ctrl|Meta|Alt)\+/.test(key) && !/^(Escape|F\d+)$/.test(key);
}
