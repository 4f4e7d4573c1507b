/** Names of fields and parameters whose text value is always a secret; `-`, `_` or nothing between the words. */
const tellingNames = [
  'api[_-]?key',
  'access[_-]?token',
  'refresh[_-]?token',
  'id[_-]?token',
  'auth[_-]?token',
  'password',
  'secret',
  'client[_-]?secret',
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'private[_-]?key',
  'connection[_-]?string',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'x-goog-api-key',
  'x-auth-token',
  'x-access-token',
  'x-csrf-token',
  'ocp-apim-subscription-key',
  'private-token',
];

/** Names that a secret may have, and much else: a token of text, the code of an error, the key of a map. */
const doubtfulNames = ['key', 'token', 'code', 'signature'];

/** Source of a pattern for all of them, to be matched without regard to case. */
export const fieldNames = [...tellingNames, ...doubtfulNames].join('|');

const doubtful: ReadonlySet<string> = new Set(doubtfulNames);

/** True where the name alone does not say that its value is a secret. */
export function isDoubtfulName(name: string): boolean {
  return doubtful.has(name.toLowerCase());
}

/** A value that looks like a credential: one long word of letters and digits, as machines make them. */
export function looksIssued(value: string): boolean {
  return /^[\w\-.~+/=%:]{16,4096}$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value);
}

/**
 * What would be found everywhere if it were searched by value: `true`, `en`, `200`, `compact-view`. It is hidden where
 * its name says that it is a secret, and left alone elsewhere.
 * @param isChosenByPeople a password or the like, where short words are likely to be the secret itself
 */
export function isOrdinaryValue(value: string, isChosenByPeople: boolean): boolean {
  if (value.length < 6) return true;
  if (/^\d{1,10}$/.test(value)) return true;
  if (isChosenByPeople) return value === 'undefined';
  return /^(?:[a-z-]{1,11}|[a-z]+\/[a-z.+-]+)$/i.test(value);
}

/** How a secret header is named where hidden kinds are listed. */
export function headerKind(name: string): string {
  return `header ${name.toLowerCase().slice(0, 64)}`;
}
