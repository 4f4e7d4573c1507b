import { endingKindOf, type EndingCode, type EndingFacts } from '../../capture/endings.ts';
import type { ProxyError } from '../../servers/proxy/errorAnswer.ts';

const ownStatuses: Partial<Readonly<Record<EndingCode, number>>> = {
  'end/no-route': 404,
  'end/upgrade-not-carried': 501,
  'end/offline-unknown': 503,
  'end/proxy-loop': 508,
};

/** Why there is no answer of the upstream to hand on, as an answer of the proxy. */
export function upstreamError(facts: EndingFacts, route: string | null, upstream: string | null): ProxyError {
  const status = ownStatuses[facts.code] ?? (endingKindOf[facts.code] === 'timeout' ? 504 : 502);
  const details = { ...(route === null ? {} : { route }), ...(upstream === null ? {} : { upstream }) };
  const wayOut = wayOutOf(facts.code, upstream);
  return { status, code: facts.code, message: facts.message, details, ...(wayOut === null ? {} : { wayOut }) };
}

function wayOutOf(code: EndingCode, upstream: string | null): string | null {
  switch (code) {
    case 'end/no-route':
    case 'end/proxy-loop':
    case 'end/upgrade-not-carried':
    case 'end/offline-unknown':
      return null;
    case 'end/connect-refused':
    case 'end/unreachable':
    case 'end/connect-failed':
    case 'end/connect-timeout':
      return upstream === null ? null : `Give the route another address if ${upstream} is not what is meant.`;
    case 'end/tls-certificate':
      return 'For the proxy that is --cacert FILE or --insecure, or the certificates of the route in the window.';
    case 'end/dns':
      return 'Check the address of the route and this machine’s network.';
    default:
      return endingKindOf[code] === 'invalid' ? 'The upstream broke the protocol before its answer began.' : null;
  }
}
