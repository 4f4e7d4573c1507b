import { fieldNames, isDoubtfulName, looksIssued } from './secretKinds.ts';

/** A value that its name says is a secret, in text of one character a byte. */
export interface NamedValue {
  readonly kind: string;
  /** Where the name begins: what is hidden is recognised again by it. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
  /** How the value is written. */
  readonly form: 'json' | 'parameter' | 'plain';
}

/** Longest value that is looked at, in characters. */
export const longestNamedValue = 4_096;

const string = String.raw`(\\{0,7}")(${fieldNames})\1\s{0,8}:\s{0,8}(?:\[\s{0,8})?(\\{0,7}")((?:(?!\3)(?:\\[^]|[^\\])){1,${String(longestNamedValue)}})`;
const parameter = String.raw`(?:(?<![^])|(?<=[?&;\r\n]|\\u0026|&amp;))(${fieldNames})=([^&\s"'<>\\#;]{1,${String(longestNamedValue)}})`;
const password = String.raw`(?<=:(?:\/\/|\\\/\\\/))([^\s\/@:"'<>\\]{0,256}):([^\s\/@"'<>\\]{1,256})@`;
const header = String.raw`(?<![\w-])(authorization|proxy-authorization):\s{0,8}((?:bearer|basic|token)\s{1,8}[\w.~+\/=-]{8,4096})`;
const anyNamed = new RegExp(`${string}|${parameter}|${password}|${header}`, 'gi');

/** Signatures of what a model thought are no credentials: they are sent back as they came. */
const ofThoughts = /signature_delta|thinking|thought|reasoning/i;
const contextCharacters = 400;

/** The first secret by name that begins at or after `from`; null where there is none. */
export function nextNamedValue(text: string, from: number): NamedValue | null {
  anyNamed.lastIndex = from;
  for (let match = anyNamed.exec(text); match !== null; match = anyNamed.exec(text)) {
    const [all, , fieldName, , fieldValue, parameterName, parameterValue, , urlPassword, , headerText] = match;
    const name = fieldName ?? parameterName;
    const value = fieldValue ?? parameterValue ?? urlPassword ?? headerText ?? '';
    const atSign = urlPassword === undefined ? 0 : 1;
    const end = match.index + all.length - atSign;
    const before = (): string => text.slice(Math.max(0, match.index - contextCharacters), match.index);
    if (name !== undefined && isDoubtfulName(name)) {
      if (!looksIssued(value)) continue;
      if (name.toLowerCase() === 'signature' && ofThoughts.test(before())) continue;
    }
    return {
      kind: kindOf(name, fieldValue !== undefined, urlPassword !== undefined),
      start: match.index,
      valueStart: end - value.length,
      end,
      form: fieldValue !== undefined ? 'json' : parameterValue !== undefined ? 'parameter' : 'plain',
    };
  }
  return null;
}

function kindOf(name: string | undefined, isField: boolean, isPassword: boolean): string {
  if (isPassword) return 'password in an address';
  if (name === undefined) return 'authorization in text';
  return `${isField ? 'field' : 'parameter'} ${name.toLowerCase()}`;
}
