import { create } from 'zustand';
import type { MockEndpoint } from '../../shared/mock.ts';
import { endpointKey, exampleForm, type EndpointForm } from './endpointForm.ts';

interface MockForms {
  /** Key of the endpoint that is shown; null: the first. */
  readonly chosen: string | null;
  readonly filter: string;
  /** By key, what was filled in; the others stand as their examples say. */
  readonly forms: Readonly<Record<string, EndpointForm>>;
}

/** What is being filled in for the endpoints; kept while the panel is closed. */
export const useMockForms = create<MockForms>()(() => ({ chosen: null, filter: '', forms: {} }));

export function chooseEndpoint(endpoint: MockEndpoint): void {
  useMockForms.setState({ chosen: endpointKey(endpoint) });
}

export function changeForm(endpoint: MockEndpoint, patch: Partial<EndpointForm>): void {
  const key = endpointKey(endpoint);
  useMockForms.setState(({ forms }) => ({
    forms: { ...forms, [key]: { ...(forms[key] ?? exampleForm(endpoint)), ...patch } },
  }));
}

export function resetForm(endpoint: MockEndpoint): void {
  useMockForms.setState(({ forms }) => {
    const { [endpointKey(endpoint)]: _left, ...others } = forms;
    return { forms: others };
  });
}

/** Endpoints whose method, path, title or group holds every word, under their groups, in the order they come. */
export function groupedEndpoints(
  endpoints: readonly MockEndpoint[],
  filter: string,
): readonly (readonly [group: string, endpoints: readonly MockEndpoint[]])[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, MockEndpoint[]>();
  for (const endpoint of endpoints) {
    const { method, path, title, group } = endpoint;
    const text = `${method} ${path} ${title} ${group}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [endpoint]);
    else known.push(endpoint);
  }
  return [...groups];
}
