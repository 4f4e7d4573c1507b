import { useState } from 'react';
import type { RequestOptions } from '../../shared/request.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { FileField, type ChosenFile } from '../ui/FileField.tsx';
import { OptionGroup } from './OptionGroup.tsx';

const mostPemBytes = 1_048_576;

/** Whom TLS trusts, and what it shows of us. Files are read here; keys are used and never kept in a recording. */
export function CertificateOptions() {
  const options = useSending((state) => state.draft.options);
  const { caPem, clientCertificate } = options;
  const { certificatePem = '', keyPem = '', passphrase = '' } = clientCertificate ?? {};
  // Names are for the eye alone: the request holds contents.
  const [names, setNames] = useState({ ca: '', certificate: '', key: '' });

  function setTrusted(file: ChosenFile | null): void {
    const { caPem: _former, ...others } = options;
    changeDraft({ options: file === null ? others : { ...others, caPem: textOf(file) } });
    setNames({ ...names, ca: file?.name ?? '' });
  }

  function setClient(change: { certificatePem?: string; keyPem?: string; passphrase?: string }): void {
    const next = { certificatePem, keyPem, passphrase, ...change };
    const { clientCertificate: _former, ...others } = options;
    const pair = { certificatePem: next.certificatePem, keyPem: next.keyPem };
    const nothing = next.certificatePem === '' && next.keyPem === '' && next.passphrase === '';
    const client = next.passphrase === '' ? pair : { ...pair, passphrase: next.passphrase };
    changeDraft({ options: nothing ? others : { ...others, clientCertificate: client } });
  }

  return (
    <OptionGroup title="Certificates" differing={differing(options)}>
      <div className="ss-request-field">
        <span>Also trust</span>
        <FileField
          label="Trusted certificates"
          chosen={caPem === undefined ? null : names.ca || 'certificates in PEM'}
          most={mostPemBytes}
          onChoose={setTrusted}
          onRemove={() => setTrusted(null)}
        />
      </div>
      <div className="ss-request-field">
        <span>Client certificate</span>
        <FileField
          label="Client certificate"
          chosen={certificatePem === '' ? null : names.certificate || 'certificate in PEM'}
          most={mostPemBytes}
          onChoose={(file) => {
            const text = textOf(file);
            // One file often holds both.
            setClient({
              certificatePem: text,
              ...(keyPem === '' && text.includes('PRIVATE KEY') ? { keyPem: text } : {}),
            });
            setNames({ ...names, certificate: file.name });
          }}
          onRemove={() => setClient({ certificatePem: '' })}
        />
      </div>
      <div className="ss-request-field">
        <span>Its key</span>
        <FileField
          label="Key of the client certificate"
          chosen={keyPem === '' ? null : names.key || 'key in PEM'}
          most={mostPemBytes}
          onChoose={(file) => {
            setClient({ keyPem: textOf(file) });
            setNames({ ...names, key: file.name });
          }}
          onRemove={() => setClient({ keyPem: '' })}
        />
      </div>
      <label>
        <span>Passphrase</span>
        <input
          className="ss-field ss-data"
          type="password"
          placeholder="none"
          autoComplete="off"
          value={passphrase}
          onChange={({ target }) => setClient({ passphrase: target.value })}
        />
      </label>
    </OptionGroup>
  );
}

function textOf({ bytes }: ChosenFile): string {
  return new TextDecoder().decode(bytes);
}

function differing({ caPem, clientCertificate }: RequestOptions): readonly string[] {
  return [
    ...(caPem === undefined ? [] : ['more certificates trusted']),
    ...(clientCertificate === undefined ? [] : ['client certificate']),
  ];
}
