import type { ShellOutcome } from './shellWords.ts';

/** Whether a command was written for the Windows command prompt: carets escape there. */
export function looksLikeCmd(text: string): boolean {
  return /\^[ \t]*\r?\n/.test(text) || /\s\^"/.test(text);
}

/**
 * Splits a command line of the Windows command prompt: first carets as cmd.exe takes them away, then words as the
 * C runtime does for a program's arguments (Microsoft C, "Parsing C command-line arguments").
 */
export function splitCmd(text: string): ShellOutcome {
  return splitArguments(removeCarets(text));
}

/**
 * Between quotes a caret is a caret; outside it makes the next character ordinary, also a quote or a line break.
 * A bare line break would end the command; here it separates words, because pasted text loses carets.
 */
function removeCarets(text: string): string {
  let result = '';
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') quoted = !quoted;
    if (character !== '^' || quoted) {
      result += character;
      continue;
    }
    at++;
    if (text.startsWith('\r\n', at)) at += 2;
    else if (text.charAt(at) === '\n') at += 1;
    else {
      result += text.charAt(at);
      continue;
    }
    // A caret before a line break joins the lines, and the character after the break is ordinary.
    if (text.startsWith('\r\n', at)) {
      result += '\n';
      at += 1;
    } else result += text.charAt(at);
  }
  return result;
}

function splitArguments(line: string): ShellOutcome {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quoted = false;
  let quotedAt = 0;
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\') {
      let slashes = 1;
      while (line.charAt(at + slashes) === '\\') slashes++;
      inWord = true;
      at += slashes - 1;
      if (line.charAt(at + 1) !== '"') {
        word += '\\'.repeat(slashes);
        continue;
      }
      word += '\\'.repeat(Math.floor(slashes / 2));
      if (slashes % 2 === 1) {
        word += '"';
        at++;
      }
    } else if (character === '"') {
      inWord = true;
      if (quoted && line.charAt(at + 1) === '"') {
        word += '"';
        at++;
        continue;
      }
      quoted = !quoted;
      quotedAt = at;
    } else if (!quoted && /\s/.test(character)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += character;
      inWord = true;
    }
  }
  if (quoted) return { ok: false, message: 'a double quote (") is opened and never closed', position: quotedAt };
  if (inWord) words.push(word);
  return { ok: true, value: { words, notes: [] } };
}
