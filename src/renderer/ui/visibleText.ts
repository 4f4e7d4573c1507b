const controlPictures = 0x2400;
/** Signs that every font has, for the controls that are everywhere. */
const commonSigns: Readonly<Record<number, string>> = { 0x09: '⇥', 0x0a: '↵' };

/**
 * A line of stream text made safe to read: controls become signs (↵, ␀, ␛), and marks that would reorder or hide
 * what stands around them become their code points in brackets. Nothing is left out.
 */
export function visibleText(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g,
    (character) => {
      const code = character.charCodeAt(0);
      if (code < 0x20) return commonSigns[code] ?? String.fromCharCode(controlPictures + code);
      if (code === 0x7f) return '\u2421';
      // A joiner between two characters is part of how emoji and many scripts are written.
      if (code === 0x200c || code === 0x200d) return character;
      return `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
    },
  );
}
