import type { ResponseHead } from '../../shared/recording.ts';
import { isSecretHeader } from '../../shared/maskSecrets.ts';
import type { RequestPlan } from './requestPlan.ts';

const aboutTheBody = new Set(['content-type', 'content-encoding', 'content-language', 'content-location']);

/**
 * The request that a redirect asks for, or null where the answer is none that can be followed. As browsers and curl
 * do (RFC 9110 §15.4): 303 becomes GET, 301 and 302 turn POST into GET, 307 and 308 repeat the request as it was.
 */
export function redirectedRequest(plan: RequestPlan, head: ResponseHead): RequestPlan | null {
  if (![301, 302, 303, 307, 308].includes(head.status)) return null;
  const location = head.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location === undefined || !URL.canParse(location, plan.url.href)) return null;
  const url = new URL(location, plan.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // Credentials in a Location are the redirecting server's word, not the user's.
  url.username = '';
  url.password = '';
  url.hash = '';

  const becomesGet =
    (head.status === 303 && plan.method !== 'GET' && plan.method !== 'HEAD') ||
    ((head.status === 301 || head.status === 302) && plan.method === 'POST');
  const leavesOrigin = url.origin !== plan.url.origin;
  const headers = plan.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    if (becomesGet && aboutTheBody.has(lower)) return false;
    // What proves who asks does not go to another origin (`faults.md` §5).
    return !leavesOrigin || (lower !== 'host' && !isSecretHeader(name));
  });
  return { method: becomesGet ? 'GET' : plan.method, url, headers, body: becomesGet ? null : plan.body };
}
