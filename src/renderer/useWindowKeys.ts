import { useEffect } from 'react';
import { commandForKey, runCommand } from './state/commands.ts';
import { useHost } from './state/HostContext.tsx';
import { keyName } from './state/keys.ts';

const textFields = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable="true"]';
/** These have letters and arrows of their own. */
const ownKeys = '[role="dialog"], [role="menu"], [role="radiogroup"], .monaco-editor';
/** What the text editor does better than the window. */
const editorKeys: readonly string[] = ['Mod+F', 'Mod+C', 'Mod+I', 'Mod+B', 'Escape'];

/** Runs the command of each key press that nothing in the page has taken for itself. */
export function useWindowKeys(): void {
  const { platform } = useHost();
  useEffect(() => {
    const ends = new AbortController();
    function runFor(event: KeyboardEvent, typing: boolean): void {
      const command = commandForKey(event, platform, typing);
      if (command === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      runCommand(command.id);
    }
    // The text editor binds most keys, so the window's own have to be looked at before it.
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.isComposing || !(event.target instanceof Element)) return;
        if (event.target.closest('.monaco-editor') === null) return;
        if (!editorKeys.includes(keyName(event, platform))) runFor(event, true);
      },
      { signal: ends.signal, capture: true },
    );
    window.addEventListener(
      'keydown',
      (event) => {
        if (event.defaultPrevented || event.isComposing) return;
        const target = event.target instanceof Element ? event.target : null;
        runFor(event, target !== null && (target.matches(textFields) || target.closest(ownKeys) !== null));
      },
      { signal: ends.signal },
    );
    return () => ends.abort();
  }, [platform]);
}
