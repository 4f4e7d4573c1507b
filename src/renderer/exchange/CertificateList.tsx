import type { CertificateFacts, Mark } from '../../shared/recording.ts';
import { visibleText } from '../ui/visibleText.ts';

/** The certificates the server presented, its own first. */
export function CertificateList({ marks }: { readonly marks: readonly Mark[] }) {
  const certificates = marks.findLast(({ facts }) => facts?.certificates !== undefined)?.facts?.certificates ?? [];
  if (certificates.length === 0) return null;
  return (
    <section className="ss-exchange-section" aria-label="TLS certificates">
      <h2>TLS certificates</h2>
      {certificates.map((certificate) => (
        <Certificate key={certificate.fingerprint256} certificate={certificate} />
      ))}
    </section>
  );
}

function Certificate({ certificate }: { readonly certificate: CertificateFacts }) {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Subject', certificate.subject],
    ['Issuer', certificate.issuer],
    ['Valid', `${certificate.validFrom} – ${certificate.validTo}`],
    ['Names', certificate.altNames],
    ['SHA-256', certificate.fingerprint256],
  ];
  return (
    <table className="ss-exchange-table ss-selectable" aria-label={`Certificate ${certificate.subject}`}>
      <tbody>
        {rows.map(([name, value]) =>
          value === undefined ? null : (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="ss-data">{visibleText(value)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}
