import { createHash, timingSafeEqual } from 'node:crypto';

/** What the guard looks at of a request. Headers are lists: one that came twice is not one that can be trusted. */
export interface RequestFacts {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly host: readonly string[];
  readonly origin: readonly string[];
  readonly fetchSite: readonly string[];
  readonly token: readonly string[];
}

export interface GuardedHost {
  /** `127.0.0.1:4173`: the only name this server answers to. */
  readonly authority: string;
  readonly token: string;
}

export interface Refusal {
  readonly status: number;
  /** What is wrong and the way out, for a person who looks at it in a browser or a terminal. */
  readonly message: string;
}

export const tokenHeader = 'streamscope-token';
export const sessionHeader = 'streamscope-session';

const refusal = (status: number, message: string): Refusal => ({ status, message });
const digest = (text: string) => createHash('sha256').update(text).digest();

/** Compares digests, so that neither the time nor the length tells anything about the token. */
function isToken(given: string | undefined, token: string): boolean {
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

const reads: readonly string[] = ['GET', 'HEAD'];

/**
 * Decides whether a request comes from the window. The order matters: the Host header first, because it alone stops a
 * foreign name that was made to resolve to this machine, whatever else the request carries.
 * @returns why not, or undefined
 */
export function refuse(request: RequestFacts, { authority, token }: GuardedHost): Refusal | undefined {
  const origin = `http://${authority}`;
  if (request.host.length !== 1 || request.host[0] !== authority) {
    return refusal(421, `This server answers only to the name ${authority}. Open ${origin} with the token it printed.`);
  }
  if (!request.target.startsWith('/') || request.target.startsWith('//')) {
    return refusal(400, 'The request target has to be a path.');
  }
  const fromElsewhere = request.fetchSite.some((site) => site !== 'same-origin' && site !== 'none');
  if (fromElsewhere || request.fetchSite.length > 1) {
    return refusal(403, `Another site may not use this server. Open ${origin} from its printed address instead.`);
  }
  if (request.origin.length > 1 || request.origin.some((given) => given !== origin)) {
    return refusal(403, 'Another origin may not use this server.');
  }
  if (!request.target.startsWith('/rpc/')) {
    return reads.includes(request.method) ? undefined : refusal(405, 'The window can only be read: GET or HEAD.');
  }
  if (request.target.includes('?')) {
    return refusal(400, `Calls take no query. The token goes into the header ${tokenHeader}.`);
  }
  if (request.token.length !== 1 || !isToken(request.token[0], token)) {
    const way = 'Open the address that the server printed when it started: it carries the token.';
    return refusal(401, `The token is missing or wrong. ${way}`);
  }
  if (!reads.includes(request.method) && request.origin.length === 0) {
    return refusal(403, 'A call has to name its origin.');
  }
  return undefined;
}
