import { describe, expect, it } from 'vitest';
import { changeSettings, followSettings, onSettings, settingsNow } from '../../../../src/renderer/state/settings.ts';
import { defaultSettings } from '../../../../src/shared/settings.ts';
import { settled, stubEngine } from './stubEngine.ts';

describe('settings', () => {
  it('keep what the user changed before the stored ones arrived', async () => {
    const engine = stubEngine({
      'settings.read': () => ({ ...defaultSettings, theme: 'light', timeMode: 'absolute' }),
      'settings.write': ({ patch }) => ({ ...defaultSettings, ...(patch as Partial<typeof defaultSettings>) }),
    });
    const themes: string[] = [];
    const endListening = onSettings(({ theme }) => themes.push(theme));
    const end = followSettings(engine);
    changeSettings({ theme: 'dark' });
    await settled();
    expect(settingsNow()).toMatchObject({ theme: 'dark', timeMode: 'absolute' });
    expect(engine.calls).toContainEqual({ name: 'settings.write', input: { patch: { theme: 'dark' } } });
    expect(themes.at(-1)).toBe('dark');
    end();
    endListening();
  });
});
