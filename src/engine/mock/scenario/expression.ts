import { nearest } from '../../../shared/nearest.ts';
import { scenarioLimits } from '../../../shared/scenario.ts';
import { templateFunctions, type TemplateScope, type TemplateValue } from './templateFunctions.ts';

/** What stands between `{{` and `}}`, ready to be worked out: `i`, `(page - 1) * 10 + i`, `pick('a', 'b')`. */
export type Expression = (scope: TemplateScope) => TemplateValue;

export type ExpressionReading =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly message: string; readonly suggestion: string | null };

class Unreadable extends Error {
  readonly suggestion: string | null;

  constructor(message: string, suggestion: string | null = null) {
    super(message);
    this.suggestion = suggestion;
  }
}

/** Brackets inside each other. */
const depthAtMost = 32;
const token = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|([-+*/%(),]))/y;

interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'sign' | 'end';
  readonly text: string;
}

/** Reads an expression. @param names of counters and knobs that are known where it stands */
export function parseExpression(text: string, names: readonly string[]): ExpressionReading {
  try {
    if (text.length > scenarioLimits.expression) {
      throw new Unreadable(`{{…}} is longer than ${String(scenarioLimits.expression)} characters.`);
    }
    const reader = new Reader(tokensOf(text), names);
    return { ok: true, expression: reader.whole() };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message, suggestion: error.suggestion };
    throw error;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = token.lastIndex) {
    const [, digits, name, single, double, sign] = token.exec(text) ?? [];
    if (digits !== undefined) tokens.push({ kind: 'number', text: digits });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (single !== undefined || double !== undefined) tokens.push({ kind: 'text', text: single ?? double ?? '' });
    else throw new Unreadable(`{{${text}}} cannot be read from ${JSON.stringify(text.slice(at, at + 12).trim())} on.`);
  }
  tokens.push({ kind: 'end', text: 'its end' });
  return tokens;
}

/** By recursive descent: sums of products of values. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #names: readonly string[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], names: readonly string[]) {
    this.#tokens = tokens;
    this.#names = names;
  }

  whole(): Expression {
    const expression = this.#sum();
    if (this.#next.kind !== 'end') throw new Unreadable(`In {{…}} ${JSON.stringify(this.#next.text)} is too much.`);
    return expression;
  }

  get #next(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'its end' };
  }

  #takes(sign: string): boolean {
    if (this.#next.kind !== 'sign' || this.#next.text !== sign) return false;
    this.#at++;
    return true;
  }

  #demand(sign: string): void {
    if (!this.#takes(sign)) throw new Unreadable(`In {{…}} a ${sign} is missing before ${this.#next.text}.`);
  }

  #sum(): Expression {
    if (++this.#depth > depthAtMost) throw new Unreadable('{{…}} has too many brackets inside each other.');
    let left = this.#product();
    for (;;) {
      const before = left;
      if (this.#takes('+')) {
        const right = this.#product();
        left = (scope) => added(before(scope), right(scope));
      } else if (this.#takes('-')) {
        const right = this.#product();
        left = (scope) => numberOf(before(scope)) - numberOf(right(scope));
      } else {
        this.#depth--;
        return left;
      }
    }
  }

  #product(): Expression {
    let left = this.#value();
    for (;;) {
      const before = left;
      if (this.#takes('*')) {
        const right = this.#value();
        left = (scope) => numberOf(before(scope)) * numberOf(right(scope));
      } else if (this.#takes('/')) {
        const right = this.#value();
        left = (scope) => numberOf(before(scope)) / numberOf(right(scope));
      } else if (this.#takes('%')) {
        const right = this.#value();
        left = (scope) => numberOf(before(scope)) % numberOf(right(scope));
      } else {
        return left;
      }
    }
  }

  #value(): Expression {
    if (this.#takes('-')) {
      if (++this.#depth > depthAtMost) throw new Unreadable('{{…}} has too many signs behind each other.');
      const value = this.#value();
      this.#depth--;
      return (scope) => -numberOf(value(scope));
    }
    if (this.#takes('(')) {
      const inner = this.#sum();
      this.#demand(')');
      return inner;
    }
    const { kind, text } = this.#next;
    this.#at++;
    if (kind === 'number') return constant(Number(text));
    if (kind === 'text') return constant(text);
    if (kind === 'name') return this.#takes('(') ? this.#call(text) : this.#name(text);
    throw new Unreadable(`In {{…}} a value is missing before ${text}.`);
  }

  #name(name: string): Expression {
    if (this.#names.includes(name)) return (scope) => scope.valueOf(name);
    const known = [...this.#names, ...Object.keys(templateFunctions).map((each) => `${each}()`)];
    const here = this.#names.length === 0 ? 'there are none here' : `known are ${this.#names.join(', ')}`;
    throw new Unreadable(`There is no counter or knob "${name}": ${here}.`, nearest(name, known));
  }

  #call(name: string): Expression {
    const called = Object.hasOwn(templateFunctions, name) ? templateFunctions[name] : undefined;
    if (called === undefined) {
      const known = Object.keys(templateFunctions);
      throw new Unreadable(`There is no "${name}()". There is ${known.join(', ')}.`, nearest(name, known));
    }
    const given: Expression[] = [];
    if (!this.#takes(')')) {
      do given.push(this.#sum());
      while (this.#takes(','));
      this.#demand(')');
    }
    if (given.length < called.least || given.length > called.most) {
      throw new Unreadable(`${name}() is written ${called.form}.`, called.form);
    }
    return (scope) =>
      called.run(
        scope,
        given.map((each) => each(scope)),
      );
  }
}

function constant(value: TemplateValue): Expression {
  return () => value;
}

/** A number where it is one; text that is none counts as 0, so that a template never fails while it is performed. */
export function numberOf(value: TemplateValue): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}

function added(left: TemplateValue, right: TemplateValue): TemplateValue {
  if (typeof left === 'string' || typeof right === 'string') return textOf(left) + textOf(right);
  return numberOf(left) + numberOf(right);
}

/** As it stands in text: JSON for what is neither text nor a number. */
export function textOf(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}
