import { TriangleAlert } from 'lucide-react';
import { defaultRequestOptions, type RequestOptions } from '../../shared/request.ts';
import { framings } from '../../shared/words.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { changeSettings } from '../state/settings.ts';
import { framingTitles } from '../ui/words.ts';
import { CertificateOptions } from './CertificateOptions.tsx';
import { ConnectionOptions } from './ConnectionOptions.tsx';
import { MillisField } from './MillisField.tsx';
import { ReconnectOptions } from './ReconnectOptions.tsx';

/** How the transport treats the request. */
export function OptionsPanel() {
  const { options, framing } = useSending((state) => state.draft);
  const change = (patch: Partial<RequestOptions>): void => changeDraft({ options: { ...options, ...patch } });
  const changeLimit = (name: 'headersTimeoutMillis' | 'maxTimeMillis', millis: number | null): void => {
    const { [name]: _former, ...others } = options;
    changeDraft({ options: millis === null ? others : { ...others, [name]: millis } });
  };

  return (
    <div className="ss-request-form ss-request-options">
      <label className="ss-check">
        <input
          type="checkbox"
          checked={options.followRedirects}
          onChange={(event) => {
            change({ followRedirects: event.target.checked });
            changeSettings({ followRedirects: event.target.checked });
          }}
        />
        <span>
          Follow redirects <span className="ss-quiet">at most ten; credentials stay with their origin</span>
        </span>
      </label>
      <label className="ss-check">
        <input
          type="checkbox"
          checked={options.compressed}
          onChange={(event) => change({ compressed: event.target.checked })}
        />
        <span>
          Ask for compression <span className="ss-quiet">off gives the truest times</span>
        </span>
      </label>
      <label className="ss-check">
        <input
          type="checkbox"
          checked={options.insecureTls}
          onChange={(event) => change({ insecureTls: event.target.checked })}
        />
        <span>Accept certificates that do not verify</span>
      </label>
      {options.insecureTls && (
        <p className="ss-request-warning" role="note">
          <TriangleAlert size={14} aria-hidden /> Anyone on the way can then read and change what is sent, credentials
          included. Use it only against a server of your own.
        </p>
      )}
      <div className="ss-request-limits">
        <MillisField
          label="Connect within"
          none={null}
          value={options.connectTimeoutMillis}
          onChange={(millis) => change({ connectTimeoutMillis: millis ?? defaultRequestOptions.connectTimeoutMillis })}
        />
        <MillisField
          label="Answer within"
          none="no limit"
          value={options.headersTimeoutMillis ?? null}
          onChange={(millis) => changeLimit('headersTimeoutMillis', millis)}
        />
        <MillisField
          label="Stop after"
          none="never"
          value={options.maxTimeMillis ?? null}
          onChange={(millis) => changeLimit('maxTimeMillis', millis)}
        />
        <label>
          <span>Framing</span>
          <select
            className="ss-field"
            value={framing ?? ''}
            onChange={(event) =>
              changeDraft({ framing: framings.find((known) => known === event.target.value) ?? null })
            }
          >
            <option value="">Detect</option>
            {framings.map((known) => (
              <option key={known} value={known}>
                {framingTitles[known]}
              </option>
            ))}
          </select>
        </label>
      </div>
      <ConnectionOptions />
      <CertificateOptions />
      <ReconnectOptions />
    </div>
  );
}
