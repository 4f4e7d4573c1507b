import { useState } from 'react';
import type { Failure } from '../../shared/failure.ts';
import type { ProxyDescription, ProxyRoute } from '../../shared/proxy.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { configureProxy } from '../state/proxy.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { FileField, type ChosenFile } from '../ui/FileField.tsx';
import { ownRoutes } from './ownRoutes.ts';

const mostPemBytes = 1_048_576;

/** Where the user says what a route of his own leads to, and whom it trusts there. */
export function NewRoute({ proxy }: { readonly proxy: ProxyDescription }) {
  const engine = useEngine();
  const [name, setName] = useState('');
  const [upstream, setUpstream] = useState('');
  const [authority, setAuthority] = useState<ChosenFile | null>(null);
  const [takesAny, setTakesAny] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const add = async (): Promise<void> => {
    const route: ProxyRoute = {
      name: name.trim(),
      upstream: upstream.trim(),
      ...(authority === null ? {} : { caPem: new TextDecoder().decode(authority.bytes) }),
      ...(takesAny ? { insecureTls: true } : {}),
    };
    const others = ownRoutes(proxy).filter((own) => own.name !== route.name);
    const refused = await configureProxy(engine, { routes: [...others, route] });
    setFailure(refused);
    if (refused !== null) return;
    setName('');
    setUpstream('');
    setAuthority(null);
    setTakesAny(false);
  };
  return (
    <form
      className="ss-proxy-new"
      aria-label="New route"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <h2>A route of your own</h2>
      <div className="ss-proxy-fields">
        <label>
          <span>Name</span>
          <input
            className="ss-field ss-data"
            placeholder="my-api"
            spellCheck={false}
            autoComplete="off"
            value={name}
            onChange={({ target }) => {
              setName(target.value);
              setFailure(null);
            }}
          />
        </label>
        <label className="ss-proxy-upstream">
          <span>Upstream</span>
          <input
            className="ss-field ss-data"
            placeholder="https://api.example.com"
            spellCheck={false}
            autoComplete="off"
            value={upstream}
            onChange={({ target }) => {
              setUpstream(target.value);
              setFailure(null);
            }}
          />
        </label>
        <Button type="submit" disabled={name.trim() === '' || upstream.trim() === ''}>
          Add route
        </Button>
      </div>
      {/^\s*https:/i.test(upstream) && (
        <div className="ss-proxy-trusted">
          <span>Also trust</span>
          <FileField
            label="Certificates of the upstream"
            chosen={authority?.name ?? null}
            most={mostPemBytes}
            onChoose={(file) => {
              setAuthority(file);
              setFailure(null);
            }}
            onRemove={() => setAuthority(null)}
          />
          <label className="ss-check">
            <input type="checkbox" checked={takesAny} onChange={({ target }) => setTakesAny(target.checked)} />
            Accept any certificate
          </label>
        </div>
      )}
      {failure !== null && <FailureBox failure={failure} />}
    </form>
  );
}
