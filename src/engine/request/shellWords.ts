/** A command line taken apart as a shell would, without running anything. */
export interface ShellWords {
  readonly words: readonly string[];
  /** What a shell would have done and we cannot: variables, substitutions, what follows a pipe. Sentences. */
  readonly notes: readonly string[];
}

export type ShellOutcome =
  | { readonly ok: true; readonly value: ShellWords }
  /** @property position index into the text, in UTF-16 code units */
  | { readonly ok: false; readonly message: string; readonly position: number };

const simpleEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  E: '\u001b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/**
 * Splits the first command of a text into words by the quoting rules of bash (Bash manual §3.1.2): single, double and
 * `$'…'` quotes, backslashes, continued lines, comments. Kind to what people paste: an `&` inside a word is a part of
 * a URL that lost its quotes, and a line that starts with an option goes on with the command before it.
 */
export function splitBash(text: string): ShellOutcome {
  return new BashReader(text).read();
}

class BashReader {
  private readonly text: string;
  private at = 0;
  private readonly words: string[] = [];
  private readonly notes = new Set<string>();
  private word = '';
  private inWord = false;

  constructor(text: string) {
    this.text = text;
  }

  read(): ShellOutcome {
    while (this.at < this.text.length) {
      const start = this.at;
      const problem = this.step();
      if (problem === 'end') break;
      if (problem !== undefined) return { ok: false, message: problem, position: start };
    }
    this.endWord();
    return { ok: true, value: { words: this.words, notes: [...this.notes] } };
  }

  /** Takes one construct; answers with a problem, or `end` where the command ends. */
  private step(): string | undefined {
    const character = this.text.charAt(this.at);
    switch (character) {
      case ' ':
      case '\t':
      case '\r':
      case '\u00a0':
        this.at++;
        this.endWord();
        return undefined;
      case '\n':
        this.endWord();
        return this.newline();
      case "'":
        return this.singleQuoted();
      case '"':
        return this.doubleQuoted();
      case '\\':
        this.backslash();
        return undefined;
      case '$':
        if (this.text.startsWith("$'", this.at)) return this.ansiQuoted();
        this.dollar();
        return undefined;
      case '`':
        this.notes.add('The command in backticks was not run: put in what it prints.');
        this.take(1);
        return undefined;
      case '#':
        if (this.inWord) this.take(1);
        else this.skipTo('\n');
        return undefined;
      case '|':
      case '>':
      case '<':
      case ';':
      case '&':
        return this.operator(character);
      default:
        this.take(1);
        return undefined;
    }
  }

  private take(count: number): void {
    this.word += this.text.slice(this.at, this.at + count);
    this.at += count;
    this.inWord = true;
  }

  private add(text: string): void {
    this.word += text;
    this.inWord = true;
  }

  private endWord(): void {
    if (this.inWord) this.words.push(this.word);
    this.word = '';
    this.inWord = false;
  }

  private skipTo(mark: string): void {
    const found = this.text.indexOf(mark, this.at);
    this.at = found === -1 ? this.text.length : found;
  }

  private newline(): string | undefined {
    const rest = this.text.slice(this.at);
    const next = /^\s*(?:#[^\n]*\n\s*)*/.exec(rest)?.[0].length ?? 0;
    this.at += next;
    const goesOn = this.text.charAt(this.at) === '-' || this.words.length === 0 || this.at >= this.text.length;
    if (goesOn) return undefined;
    this.notes.add('Only the first command was read; the lines after it were left out.');
    return 'end';
  }

  private operator(character: string): string | undefined {
    const next = this.text.charAt(this.at + 1);
    const insideWord = this.inWord && next !== '' && !/\s/.test(next) && next !== character;
    if (insideWord && (character === '&' || character === ';')) {
      this.take(1);
      return undefined;
    }
    // `2>` and `1>` name what is redirected.
    if ((character === '>' || character === '<') && /^\d$/.test(this.word)) {
      this.word = '';
      this.inWord = false;
    }
    this.endWord();
    if (this.words.length === 0) {
      this.at++;
      return undefined;
    }
    const rest = this.text.slice(this.at).trim();
    if (rest !== ';' && rest !== '&') this.notes.add(`What follows "${character}" was left out.`);
    return 'end';
  }

  private backslash(): void {
    const continued = /^\\[ \t]*\r?\n/.exec(this.text.slice(this.at, this.at + 64));
    if (continued !== null) {
      this.at += continued[0].length;
      // A space before the line break was meant as one more separator, and one after it comes anyway.
      if (continued[0].length > 2) this.endWord();
      return;
    }
    this.at++;
    if (this.at < this.text.length) this.take(1);
  }

  private singleQuoted(): string | undefined {
    const end = this.text.indexOf("'", this.at + 1);
    if (end === -1) return "a single quote (') is opened and never closed";
    this.add(this.text.slice(this.at + 1, end));
    this.at = end + 1;
    return undefined;
  }

  private doubleQuoted(): string | undefined {
    this.at++;
    this.inWord = true;
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character === '"') {
        this.at++;
        return undefined;
      }
      if (character === '\\') {
        const next = this.text.charAt(this.at + 1);
        if (next === '\n') this.at += 2;
        else if (next === '$' || next === '`' || next === '"' || next === '\\') {
          this.add(next);
          this.at += 2;
        } else this.take(1);
      } else if (character === '$') this.dollar();
      else this.take(1);
    }
    return 'a double quote (") is opened and never closed';
  }

  /** A variable stays as it is written: the reader of the request sees what to fill in. */
  private dollar(): void {
    const variable = /^\$(?:[A-Za-z_]\w*|\{[A-Za-z_]\w*\})/.exec(this.text.slice(this.at, this.at + 256));
    if (variable !== null) {
      this.notes.add(`${variable[0]} is a shell variable: put in its value.`);
      this.take(variable[0].length);
      return;
    }
    if (this.text.startsWith('$(', this.at)) {
      this.notes.add('The command in $(…) was not run: put in what it prints.');
    }
    this.take(1);
  }

  /** `$'…'` (Bash manual §3.1.2.4). Bytes written as `\x` or octal are read together as UTF-8. */
  private ansiQuoted(): string | undefined {
    this.at += 2;
    this.inWord = true;
    const bytes: number[] = [];
    const endBytes = (): void => {
      if (bytes.length > 0) this.add(new TextDecoder().decode(Uint8Array.from(bytes)));
      bytes.length = 0;
    };
    while (this.at < this.text.length) {
      const character = this.text.charAt(this.at);
      if (character === "'") {
        endBytes();
        this.at++;
        return undefined;
      }
      if (character !== '\\') {
        endBytes();
        this.take(1);
        continue;
      }
      const escape = this.text.slice(this.at, this.at + 12);
      const byte = /^\\(?:x([\dA-Fa-f]{1,2})|([0-7]{1,3}))/.exec(escape);
      if (byte !== null) {
        bytes.push(byte[1] === undefined ? Number.parseInt(byte[2] ?? '0', 8) & 0xff : Number.parseInt(byte[1], 16));
        this.at += byte[0].length;
        continue;
      }
      endBytes();
      const unicode = /^\\(?:u([\dA-Fa-f]{1,4})|U([\dA-Fa-f]{1,8}))/.exec(escape);
      if (unicode !== null) {
        const code = Number.parseInt(unicode[1] ?? unicode[2] ?? '', 16);
        // Browsers write characters beyond U+FFFF as two \u halves, which join here.
        this.add(code > 0x10ffff ? '\ufffd' : code <= 0xffff ? String.fromCharCode(code) : String.fromCodePoint(code));
        this.at += unicode[0].length;
        continue;
      }
      const named = simpleEscapes[escape.charAt(1)];
      this.add(named ?? escape.slice(0, 2));
      this.at += 2;
    }
    return "a $' quote is opened and never closed";
  }
}
