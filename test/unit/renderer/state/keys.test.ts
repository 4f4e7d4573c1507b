import { describe, expect, it } from 'vitest';
import { keyName, readableKey, typesText, type KeyPress } from '../../../../src/renderer/state/keys.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({ ...plain, key, ...held });

describe('key names', () => {
  it.each<readonly [KeyPress, string]>([
    [press('j'), 'j'],
    [press('G', { shiftKey: true }), 'G'],
    [press('?', { shiftKey: true }), '?'],
    [press('+', { shiftKey: true }), '+'],
    [press(' '), 'Space'],
    [press('ArrowLeft', { shiftKey: true }), 'Shift+ArrowLeft'],
    [press('k', { ctrlKey: true }), 'Mod+K'],
    [press('C', { ctrlKey: true, shiftKey: true }), 'Mod+Shift+C'],
    [press('Enter', { ctrlKey: true }), 'Mod+Enter'],
    [press(',', { ctrlKey: true }), 'Mod+,'],
    [press('k', { metaKey: true }), 'Meta+k'],
  ])('%o elsewhere is %s', (given, name) => {
    expect(keyName(given, 'linux')).toBe(name);
  });

  it('takes the command key for Mod on a Mac, and keeps Control apart', () => {
    expect(keyName(press('k', { metaKey: true }), 'mac')).toBe('Mod+K');
    expect(keyName(press('k', { ctrlKey: true }), 'mac')).toBe('Ctrl+k');
  });

  it('shows keys as each platform writes them', () => {
    expect(readableKey('Mod+Shift+C', 'mac')).toBe('⌘⇧C');
    expect(readableKey('Mod+Shift+C', 'windows')).toBe('Ctrl+Shift+C');
    expect(readableKey('+', 'linux')).toBe('+');
    expect(readableKey('ArrowDown', 'linux')).toBe('↓');
  });

  it('knows which keys a text field keeps', () => {
    expect(['j', 'G', '?', 'ArrowDown', 'Shift+ArrowLeft', 'Space'].every(typesText)).toBe(true);
    expect(['Mod+K', 'Alt+j', 'Escape', 'F6'].some(typesText)).toBe(false);
  });
});
