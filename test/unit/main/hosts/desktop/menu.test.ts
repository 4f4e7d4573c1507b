import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../../../../src/main/hosts/desktop/menu.ts';
import { platforms } from '../../../../../src/shared/desktopBridge.ts';

const actions = { openFile() {}, command() {}, openRecordingsFolder() {}, showAbout() {} };
type Item = ReturnType<typeof menuTemplate>[number];
const itemsOf = (template: readonly Item[]): Item[] =>
  template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);

describe.each(platforms)('the menu on %s', (platform) => {
  const items = itemsOf(menuTemplate(platform, 'dark', actions));

  it('gives a key to one item only', () => {
    const keys = items.map((item) => item.accelerator).filter((key) => key !== undefined);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('CmdOrCtrl+O');
  });

  it('leaves the keys of the window to the window', () => {
    const settings = items.find((item) => item.label === 'Settings…');
    expect(settings).toMatchObject({ accelerator: 'CmdOrCtrl+,', registerAccelerator: false });
  });

  it('offers the themes, the present one marked', () => {
    const themes = items.filter((item) => item.type === 'radio');
    expect(themes.map((item) => [item.label, item.checked])).toEqual([
      ['As the System', false],
      ['Light', false],
      ['Dark', true],
      ['High Contrast', false],
    ]);
  });

  it('can edit, close, and say what this is', () => {
    const roles = items.map((item) => item.role);
    expect(roles).toEqual(expect.arrayContaining(['editMenu', 'reload', 'toggleDevTools', 'togglefullscreen', 'quit']));
    expect(items.filter((item) => item.label === 'About Streamscope')).toHaveLength(1);
  });
});
