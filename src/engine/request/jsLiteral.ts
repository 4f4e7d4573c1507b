/** A JavaScript value as written in source. Objects are lists of pairs: names such as `__proto__` stay plain data. */
export type JsLiteral =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'word'; readonly word: 'true' | 'false' | 'null' | 'undefined' }
  | { readonly kind: 'array'; readonly items: readonly JsLiteral[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [name: string, value: JsLiteral])[] }
  /** `name(argument, …)` or `new Name(argument, …)`, never called. */
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly JsLiteral[] }
  /** Source that is no literal: a variable, an arrow function, … */
  | { readonly kind: 'source'; readonly text: string };

/** Thrown by `JsReader` for text that is not of the expected shape; never leaves the parsers of this folder. */
export class JsSyntaxError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const maxDepth = 200;
const identifier = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const numeral = /[+-]?(?:0x[\da-f]+|\d[\d_]*\.?\d*(?:e[+-]?\d+)?|\.\d+)/iy;
const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

/** Reads literals from source text without running any of it. */
export class JsReader {
  readonly text: string;
  at: number;
  private depth = 0;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  skipBlank(): void {
    this.match(blank);
  }

  /** Takes a character if it comes next, after blanks. */
  accept(character: string): boolean {
    this.skipBlank();
    if (!this.text.startsWith(character, this.at)) return false;
    this.at += character.length;
    return true;
  }

  expect(character: string): void {
    if (!this.accept(character)) throw new JsSyntaxError(`"${character}" is missing`, this.at);
  }

  /** A value, with `+` between strings carried out. */
  value(): JsLiteral {
    if (++this.depth > maxDepth) throw new JsSyntaxError(`values are nested deeper than ${maxDepth} levels`, this.at);
    let value = this.operand();
    while (this.accept('+')) value = joined(value, this.operand());
    this.depth--;
    return value;
  }

  private operand(): JsLiteral {
    this.skipBlank();
    const character = this.text.charAt(this.at);
    if (character === '"' || character === "'" || character === '`') {
      return { kind: 'string', value: this.quoted(character) };
    }
    if (character === '{') return this.object();
    if (character === '[') return this.array();
    const number = this.match(numeral);
    if (number !== undefined) return { kind: 'number', text: number.replaceAll('_', '') };
    return this.nameOrCall();
  }

  private nameOrCall(): JsLiteral {
    const start = this.at;
    let name = this.match(identifier);
    if (name === undefined) throw new JsSyntaxError('a value is missing', this.at);
    if (name === 'new') {
      this.skipBlank();
      name = this.match(identifier) ?? '';
    }
    while (this.text.startsWith('.', this.at) || this.text.startsWith('?.', this.at)) {
      this.at += this.text.startsWith('.', this.at) ? 1 : 2;
      name += `.${this.match(identifier) ?? ''}`;
    }
    if (name === 'true' || name === 'false' || name === 'null' || name === 'undefined') {
      return { kind: 'word', word: name };
    }
    const end = this.at;
    if (!this.accept('(')) {
      this.at = end;
      return { kind: 'source', text: this.text.slice(start, end) };
    }
    return { kind: 'call', name, parameters: this.listUntil(')', () => this.value()) };
  }

  private array(): JsLiteral {
    this.expect('[');
    return { kind: 'array', items: this.listUntil(']', () => this.value()) };
  }

  private object(): JsLiteral {
    this.expect('{');
    return { kind: 'object', entries: this.listUntil('}', () => this.entry()) };
  }

  private entry(): readonly [string, JsLiteral] {
    this.skipBlank();
    if (this.accept('...')) return ['...', this.value()];
    const character = this.text.charAt(this.at);
    const name =
      character === '"' || character === "'"
        ? this.quoted(character)
        : (this.match(identifier) ?? this.match(numeral) ?? undefined);
    if (name === undefined) throw new JsSyntaxError('a property name is missing', this.at);
    // `{ body }` stands for `{ body: body }`.
    return this.accept(':') ? [name, this.value()] : [name, { kind: 'source', text: name }];
  }

  private listUntil<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.accept(close)) {
      items.push(item());
      if (this.accept(',')) continue;
      this.expect(close);
      break;
    }
    return items;
  }

  /** ECMA-262 §12.9.4 and §12.9.6; a `${…}` of a template stays as it is written. */
  private quoted(quote: string): string {
    const start = this.at++;
    let value = '';
    while (this.at < this.text.length) {
      const plainEnd = this.plainEnd(quote);
      value += this.text.slice(this.at, plainEnd);
      this.at = plainEnd;
      const character = this.text.charAt(this.at);
      if (character === quote) {
        this.at++;
        return value;
      }
      if (character !== '\\') break;
      value += this.escape();
    }
    throw new JsSyntaxError(`a ${quote} is opened and never closed`, start);
  }

  private plainEnd(quote: string): number {
    let end = this.at;
    while (end < this.text.length) {
      const character = this.text.charAt(end);
      if (character === quote || character === '\\') return end;
      if (character === '\n' && quote !== '`') return end;
      end++;
    }
    return end;
  }

  private escape(): string {
    const coded = this.match(/\\(?:x([\da-f]{2})|u([\da-f]{4})|u\{([\da-f]{1,6})\})/iy);
    if (coded !== undefined) {
      const code = Number.parseInt(coded.replace(/[^\da-f]/gi, ''), 16);
      return code > 0x10ffff ? '\ufffd' : code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code);
    }
    const character = this.text.charAt(this.at + 1);
    this.at += 2;
    return namedEscapes[character] ?? character;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}

const namedEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
};

/** `"Bearer " + token` reads as the text `Bearer ${token}`: the variable stays visible. */
function joined(left: JsLiteral, right: JsLiteral): JsLiteral {
  return { kind: 'string', value: asText(left) + asText(right) };
}

function asText(value: JsLiteral): string {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'number') return value.text;
  if (value.kind === 'word') return value.word;
  return `\${${value.kind === 'source' ? value.text : '…'}}`;
}

/** The JSON text that `JSON.stringify` would give; a variable becomes a string that shows its name. */
export function literalToJson(value: JsLiteral): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value);
    case 'number':
      return JSON.stringify(Number(value.text));
    case 'word':
      return value.word === 'undefined' ? 'null' : value.word;
    case 'array':
      return `[${value.items.map(literalToJson).join(',')}]`;
    case 'object':
      return `{${value.entries
        .filter(([, entry]) => !(entry.kind === 'word' && entry.word === 'undefined'))
        .map(([name, entry]) => `${JSON.stringify(name)}:${literalToJson(entry)}`)
        .join(',')}}`;
    case 'call':
    case 'source':
      return JSON.stringify(asText(value));
  }
}
