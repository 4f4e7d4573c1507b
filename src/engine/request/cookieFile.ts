/** A cookie as a cookie file keeps it. */
export interface FileCookie {
  readonly name: string;
  readonly value: string;
  /** Without leading dot, in lower case. */
  readonly domain: string;
  readonly includesSubdomains: boolean;
  readonly path: string;
  /** Goes over TLS only. */
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** Unix time in seconds; null: for the session. */
  readonly expiresSeconds: number | null;
}

export type ReadCookieFile =
  | { readonly ok: true; readonly cookies: readonly FileCookie[] }
  /** Why it is no cookie file, as a sentence. */
  | { readonly ok: false; readonly message: string };

/**
 * Reads a cookie file in the format of Netscape and Mozilla that curl writes and browsers export: a cookie a line,
 * seven fields with tabs between them (domain, subdomains too, path, TLS only, expiry in Unix seconds with 0 for the
 * session, name, value). `#HttpOnly_` before a domain marks such a cookie; other lines with `#` are comments. As with
 * curl, a missing value is empty, and lines that are no cookies are passed over while there is any that is one.
 */
export function readCookieFile(text: string): ReadCookieFile {
  const cookies: FileCookie[] = [];
  let firstOdd: number | null = null;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const httpOnly = line.startsWith('#HttpOnly_');
    const written = httpOnly ? line.slice('#HttpOnly_'.length) : line;
    if (written.trim() === '' || written.startsWith('#')) continue;
    const cookie = readLine(written, httpOnly);
    if (cookie === null) firstOdd ??= index + 1;
    else cookies.push(cookie);
  }
  if (cookies.length > 0 || firstOdd === null) return { ok: true, cookies };
  return {
    ok: false,
    message: `The cookie file is not in Netscape’s format: line ${String(firstOdd)} has not seven fields with tabs between them. Export the cookies as “cookies.txt”, or let curl write them with -c.`,
  };
}

function readLine(line: string, httpOnly: boolean): FileCookie | null {
  const [domain, subdomains, path, secure, expiry, name, value = ''] = line.split('\t');
  if (domain === undefined || path === undefined || expiry === undefined || name === undefined) return null;
  if (!isFlag(subdomains) || !isFlag(secure) || !/^\d+(\.\d+)?$/.test(expiry) || domain === '' || name === '')
    return null;
  const seconds = Math.floor(Number(expiry));
  return {
    name,
    value,
    domain: domain.replace(/^\./, '').toLowerCase(),
    includesSubdomains: subdomains.toUpperCase() === 'TRUE',
    path: path.startsWith('/') ? path : '/',
    secure: secure.toUpperCase() === 'TRUE',
    httpOnly,
    expiresSeconds: seconds === 0 ? null : seconds,
  };
}

function isFlag(text: string | undefined): text is string {
  return text !== undefined && /^(?:true|false)$/i.test(text);
}
