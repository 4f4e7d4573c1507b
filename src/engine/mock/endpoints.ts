import { errorAnswer, jsonAnswer, type MockAnswer, type WholeAnswer } from './answer.ts';
import type { MockEndpoint as DescribedEndpoint } from '../../shared/mock.ts';
import type { MockEndpoint } from './endpoint.ts';
import { faultDescriptions } from './faults/catalogue.ts';
import { batchPresets } from './presets/batches.ts';
import { behaviourPresets } from './presets/behaviours.ts';
import { chatPresets } from './presets/chat.ts';
import { chatCompletionPresets } from './presets/chatCompletion.ts';
import { comparisonPresets } from './presets/comparison.ts';
import { downloadPresets } from './presets/downloads.ts';
import { orderPresets } from './presets/orders.ts';
import { streamPresets } from './presets/streams.ts';
import { taskPresets } from './presets/tasks.ts';
import { providerEndpoints } from './providers/providerEndpoints.ts';

/** Every stream the mock server performs, in the order in which it lists them. */
export const mockEndpoints: readonly MockEndpoint[] = Object.freeze([
  ...orderPresets,
  ...streamPresets,
  ...batchPresets,
  ...downloadPresets,
  ...taskPresets,
  ...chatPresets,
  ...chatCompletionPresets,
  ...comparisonPresets,
  ...behaviourPresets,
  ...providerEndpoints,
]);

/** What is not a stream; the server answers these itself. */
const documents = [
  { method: 'GET', path: '/', title: 'This list: a page for a browser, JSON for everyone else.' },
  { method: 'GET', path: '/authority.pem', title: 'The certificate of the authority behind https, made for this run.' },
  { method: 'GET', path: '/health', title: 'Whether the server is up, and what it has carried.' },
] as const;

/**
 * The endpoint for a method and path; a HEAD is served by the endpoint of the GET.
 * @param more endpoints beyond those that are built in; they come first
 */
export function findEndpoint(
  method: string,
  path: string,
  more: readonly MockEndpoint[] = [],
): { readonly endpoint: MockEndpoint; readonly parameters: Readonly<Record<string, string>> } | undefined {
  const wanted = method === 'HEAD' ? 'GET' : method;
  for (const endpoint of [...more, ...mockEndpoints]) {
    const parameters = endpoint.method === wanted ? endpoint.match(path) : null;
    if (parameters !== null) return { endpoint, parameters };
  }
  return undefined;
}

/** What is at a path without any endpoint beyond those that are built in, in words; null: nothing. */
export function builtInAt(method: string, path: string): string | null {
  const asked = path.replace(/\{\w+\}/g, 'x');
  if (documents.some((document) => document.path === asked)) return 'a document of the mock server';
  return findEndpoint(method, asked) === undefined ? null : 'an endpoint of the mock server';
}

/** The answer where `findEndpoint` finds nothing: says what exists. */
export function notFound(method: string, path: string, more: readonly MockEndpoint[] = []): MockAnswer {
  const all = [...documents, ...more, ...mockEndpoints];
  const methods = all
    .filter((entry) => ('match' in entry ? entry.match(path) !== null : entry.path === path))
    .map((entry) => entry.method);
  if (methods.length > 0) {
    return errorAnswer(405, 'method-not-allowed', `${path} does not take ${method}.`, { allowed: methods }, [
      ['Allow', methods.join(', ')],
    ]);
  }
  const shown = path.length <= 200 ? path : `${path.slice(0, 200)}…`;
  return errorAnswer(404, 'not-found', `There is nothing at ${shown}. "exists" lists what is here.`, {
    exists: all.map((entry) => `${entry.method} ${entry.path}`),
  });
}

/** The list of endpoints and faults as JSON, with further facts behind it. */
export function endpointList(more: readonly MockEndpoint[] = [], facts: object = {}): WholeAnswer {
  const streams = [...more, ...mockEndpoints].map(describedEndpoint);
  return jsonAnswer(200, { documents, streams, faults: faultDescriptions, ...facts });
}

/** An endpoint as the contract describes it. */
export function describedEndpoint(endpoint: MockEndpoint): DescribedEndpoint {
  const { method, path, title, example, group, knobs, exampleBody } = endpoint;
  return { method, path, title, example, group, knobs, exampleBody };
}

/** Endpoints under the headings that they are listed with, both in the order in which they came. */
export function inGroups<Endpoint extends { readonly group: string }>(
  endpoints: readonly Endpoint[],
): readonly (readonly [group: string, endpoints: readonly Endpoint[]])[] {
  const groups = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const known = groups.get(endpoint.group);
    if (known === undefined) groups.set(endpoint.group, [endpoint]);
    else known.push(endpoint);
  }
  return [...groups];
}
