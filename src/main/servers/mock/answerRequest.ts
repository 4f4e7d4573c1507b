import { errorAnswer, jsonAnswer, type MockAnswer } from '../../../engine/mock/answer.ts';
import type { MockEndpoint } from '../../../engine/mock/endpoint.ts';
import { endpointList, findEndpoint, mockEndpoints, notFound } from '../../../engine/mock/endpoints.ts';
import { applyFaults, type FaultCircumstances } from '../../../engine/mock/faults/applyFaults.ts';
import { faultDefinitions } from '../../../engine/mock/faults/catalogue.ts';
import { impossibleOver, parseMockFaults, type MockFault } from '../../../engine/mock/faults/parseFaults.ts';
import type { MockMemory } from '../../../engine/mock/memory.ts';
import { canCode } from './contentCoder.ts';
import { indexPage, type SecureAddresses } from './indexPage.ts';
import { requestBodyLimit, type ReceivedRequest } from './wire/receivedRequest.ts';

/** What the server knows beside the request. */
export interface AnswerCircumstances {
  /** Endpoints beyond those that are built in; they come first. */
  readonly more: readonly MockEndpoint[];
  readonly counts: Readonly<Record<string, number>>;
  readonly memory: MockMemory;
  readonly secure: SecureAddresses;
  authorityPem(): Promise<string>;
}

/** The header that asks for faults where the address cannot be changed. */
const faultHeader = 'x-mock-fault';

/** A request taken apart: where it goes, and the faults it asks for. */
export interface AskedFor {
  readonly path: string;
  /** Without `fault`. */
  readonly query: URLSearchParams;
  /** As it was written; null: none. */
  readonly fault: string | null;
}

export function askedFor({ target, headers }: ReceivedRequest): AskedFor {
  // Not through URL: a request target such as `//` is a path here, and none that it can parse.
  const [path = '/', ...rest] = target.split('?');
  const query = new URLSearchParams(rest.join('?'));
  const faults = query.getAll('fault').filter((text) => text !== '');
  query.delete('fault');
  const fault = faults.length > 0 ? faults.join(',') : (headers[faultHeader] ?? null);
  return { path, query, fault: fault === '' ? null : fault };
}

/** What is answered to a request, faults and all. */
export async function answerRequest(
  request: ReceivedRequest,
  asked: AskedFor,
  circumstances: AnswerCircumstances,
): Promise<MockAnswer> {
  const read = parseMockFaults(asked.fault ?? '');
  if (asked.fault === null || !read.ok) {
    if (asked.fault === null || read.ok) return plainAnswer(request, asked, circumstances);
    return faultAnswer('unknown-fault', read.message, read.suggestion);
  }
  const protocol = request.protocol === 'HTTP/2' ? 'h2' : 'http/1.1';
  for (const fault of read.value) {
    const problem = impossibleOver(fault, protocol, request.isSecure) ?? missingCoder(fault);
    if (problem !== null) return faultAnswer('impossible-fault', problem, null);
  }
  const answer = await plainAnswer(request, asked, circumstances);
  return applyFaults(answer, read.value, faultCircumstances(request, asked, circumstances.secure));
}

function missingCoder({ definition, argument }: MockFault): string | null {
  const isUnknown = definition.name === 'coding-truncated' && argument === 'zstd' && !canCode('zstd');
  return isUnknown ? 'This runtime cannot compress with zstd.' : null;
}

function faultAnswer(code: string, message: string, suggestion: string | null): MockAnswer {
  const hint = suggestion === null ? '' : ` Did you mean ${suggestion}?`;
  return errorAnswer(400, code, `${message}${hint}`, {
    suggestion,
    faults: faultDefinitions.map(({ name, example, sentence }) => ({ name, example, sentence })),
  });
}

function faultCircumstances(
  { target }: ReceivedRequest,
  { path, query }: AskedFor,
  secure: SecureAddresses,
): FaultCircumstances {
  const rest = query.toString();
  return {
    target,
    certificateUrl: (certificate) => {
      const url = secure.certificates[certificate];
      return url === undefined ? null : `${url}${path}${rest === '' ? '' : `?${rest}`}`;
    },
  };
}

async function plainAnswer(
  request: ReceivedRequest,
  { path, query }: AskedFor,
  circumstances: AnswerCircumstances,
): Promise<MockAnswer> {
  const { more, counts, memory, secure } = circumstances;
  const { method, headers, body } = request;
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && path === '/') return indexAnswer(headers['accept'] ?? '', more, secure);
  if (reads && path === '/health') return jsonAnswer(200, { status: 'ok', ...counts }, [['Cache-Control', 'no-store']]);
  if (reads && path === '/authority.pem') {
    const type = ['Content-Type', 'application/x-pem-file'] as const;
    return { kind: 'whole', status: 200, headers: [type], text: await circumstances.authorityPem() };
  }
  const found = findEndpoint(method, path, more);
  if (found === undefined) return notFound(method, path, more);
  if (body === null) {
    const message = `The request body is longer than ${String(requestBodyLimit)} bytes, which is all that is looked at here.`;
    return errorAnswer(413, 'body-too-large', message);
  }
  return found.endpoint.answer({
    method,
    path,
    parameters: found.parameters,
    headers,
    query,
    authorization: headers['authorization'] ?? null,
    lastEventId: headers['last-event-id'] ?? null,
    body,
    memory,
  });
}

function indexAnswer(accept: string, more: readonly MockEndpoint[], secure: SecureAddresses): MockAnswer {
  const vary = ['Vary', 'Accept'] as const;
  if (!/\btext\/html\b/i.test(accept)) {
    const list = endpointList(more, { secure });
    return { ...list, headers: [...list.headers, vary] };
  }
  const type = ['Content-Type', 'text/html; charset=utf-8'] as const;
  return { kind: 'whole', status: 200, headers: [type, vary], text: indexPage([...more, ...mockEndpoints], secure) };
}
