import type { ProxyChoice, RequestOptions } from '../../shared/request.ts';
import { maskUrl } from '../../shared/maskSecrets.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { OptionGroup } from './OptionGroup.tsx';

type ConnectionPart = Pick<RequestOptions, 'httpVersion' | 'proxy' | 'unixSocketPath' | 'keepCookies'>;
/** Undefined: as usual again. */
type Changed<Part> = { readonly [Name in keyof Part]?: Part[Name] | undefined };

/** Where the connection goes, what is spoken on it, and what its answers leave behind. */
export function ConnectionOptions() {
  const options = useSending((state) => state.draft.options);
  const { httpVersion, proxy, unixSocketPath, keepCookies } = options;
  const set = (patch: Changed<ConnectionPart>): void => {
    const { httpVersion: _version, proxy: _proxy, unixSocketPath: _path, keepCookies: _keep, ...others } = options;
    const next = { httpVersion, proxy, unixSocketPath, keepCookies, ...patch };
    changeDraft({
      options: {
        ...others,
        ...(next.httpVersion === undefined ? {} : { httpVersion: next.httpVersion }),
        ...(next.proxy === undefined ? {} : { proxy: next.proxy }),
        ...(next.unixSocketPath === undefined ? {} : { unixSocketPath: next.unixSocketPath }),
        ...(next.keepCookies === undefined ? {} : { keepCookies: next.keepCookies }),
      },
    });
  };
  const proxyUrl = proxy?.kind === 'url' ? proxy.url : '';
  return (
    <OptionGroup title="Connection" differing={differing(options)}>
      <label>
        <span>HTTP version</span>
        <select
          className="ss-field"
          value={httpVersion ?? 'auto'}
          onChange={({ target }) =>
            set({ httpVersion: target.value === '1.1' || target.value === '2' ? target.value : undefined })
          }
        >
          <option value="auto">Chosen with the server</option>
          <option value="1.1">HTTP/1.1 only</option>
          <option value="2">HTTP/2 only</option>
        </select>
      </label>
      <label>
        <span>Proxy</span>
        <select
          className="ss-field"
          value={proxy?.kind ?? 'environment'}
          onChange={({ target }) => set({ proxy: proxyOf(target.value) })}
        >
          <option value="environment">As the environment says</option>
          <option value="none">None</option>
          <option value="url">This one</option>
        </select>
        {proxy?.kind === 'url' && (
          <input
            className="ss-field ss-data"
            aria-label="Address of the proxy"
            placeholder="http://user:password@proxy.example:3128"
            spellCheck={false}
            autoComplete="off"
            value={proxyUrl}
            onChange={({ target }) => set({ proxy: { ...proxy, url: target.value } })}
          />
        )}
      </label>
      <label>
        <span>Unix socket</span>
        <input
          className="ss-field ss-data"
          placeholder="none; such as /var/run/docker.sock"
          spellCheck={false}
          value={unixSocketPath ?? ''}
          onChange={({ target }) => set({ unixSocketPath: target.value === '' ? undefined : target.value })}
        />
      </label>
      <label className="ss-check">
        <input
          type="checkbox"
          checked={keepCookies === true}
          onChange={({ target }) => set({ keepCookies: target.checked ? true : undefined })}
        />
        <span>
          Keep cookies{' '}
          <span className="ss-quiet">from answer to answer of one exchange: redirects and reconnections</span>
        </span>
      </label>
    </OptionGroup>
  );
}

function differing({ httpVersion, proxy, unixSocketPath, keepCookies }: RequestOptions): readonly string[] {
  return [
    ...(httpVersion === '1.1' || httpVersion === '2' ? [`HTTP/${httpVersion} only`] : []),
    ...(proxy?.kind === 'none' ? ['no proxy'] : []),
    ...(proxy?.kind === 'url' ? [`through ${proxy.url === '' ? 'a proxy' : maskUrl(proxy.url)}`] : []),
    ...(unixSocketPath === undefined ? [] : [unixSocketPath]),
    ...(keepCookies === true ? ['cookies kept'] : []),
  ];
}

function proxyOf(kind: string): ProxyChoice | undefined {
  if (kind === 'none') return { kind };
  return kind === 'url' ? { kind, url: '' } : undefined;
}
