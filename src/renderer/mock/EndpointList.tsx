import { Play } from 'lucide-react';
import type { EngineClient } from '../../shared/calls.ts';
import type { MockDescription, MockEndpoint } from '../../shared/mock.ts';
import { defaultRequestOptions, type RequestSpec } from '../../shared/request.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { sendRequest, takeRequest } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';

/** The request that tries an endpoint out. */
function exampleRequest(baseUrl: string, { method, example }: MockEndpoint): RequestSpec {
  const takesBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const prompt = { model: 'mock', stream: true, messages: [{ role: 'user', content: 'What makes a good stream?' }] };
  return {
    method,
    url: new URL(example, baseUrl).href,
    headers: takesBody ? [['Content-Type', 'application/json']] : [],
    body: takesBody ? { kind: 'text', text: JSON.stringify(prompt, null, 2) } : { kind: 'none' },
    auth: { kind: 'none' },
    options: defaultRequestOptions,
  };
}

function tryOut(engine: EngineClient, baseUrl: string, endpoint: MockEndpoint): void {
  const request = exampleRequest(baseUrl, endpoint);
  takeRequest(request);
  void sendRequest(engine, request, null);
}

/** What the mock server performs; each one click from a live stream. */
export function EndpointList({ mock, onSent }: { readonly mock: MockDescription; readonly onSent?: () => void }) {
  const engine = useEngine();
  const { url } = mock;
  return (
    <ul className="ss-mock-endpoints" aria-label="Endpoints of the mock server">
      {mock.endpoints.map((endpoint) => (
        <li key={`${endpoint.method} ${endpoint.path}`}>
          <code>
            <b>{endpoint.method}</b> {endpoint.path}
          </code>
          <span>{endpoint.title}</span>
          <Button
            disabled={url === null}
            aria-label={`Send ${endpoint.method} ${endpoint.path}`}
            onClick={() => {
              if (url === null) return;
              tryOut(engine, url, endpoint);
              onSent?.();
            }}
          >
            <Play size={12} aria-hidden /> Send
          </Button>
        </li>
      ))}
    </ul>
  );
}
