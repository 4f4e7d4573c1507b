import type { ExchangeFacts } from '../../shared/recording.ts';
import { formatCount } from '../ui/format.ts';
import { asciiText, hexText, offsetText } from '../ui/bytes/byteRows.ts';

const bytesPerRow = 16;

/** What came after the end of the body, as bytes: nothing in it is taken for anything. */
export function ExtraBytes({ exchange }: { readonly exchange: ExchangeFacts }) {
  const finding = exchange.transportFindings?.find(({ code }) => code === 'end/extra-bytes');
  const bytes = bytesOf(finding?.details['base64']);
  if (finding === undefined || bytes === null || bytes.length === 0) return null;
  const total = finding.details['bytes'];
  const rows = Array.from({ length: Math.ceil(bytes.length / bytesPerRow) }, (_, row) => row * bytesPerRow);
  return (
    <section className="ss-exchange-section" aria-label="Bytes after the end">
      <h2>Bytes after the end</h2>
      <pre className="ss-exchange-body ss-data ss-selectable" tabIndex={0} aria-label="First bytes after the end">
        {rows
          .map((from) => {
            const row = bytes.subarray(from, from + bytesPerRow);
            return `${offsetText(from)}  ${hexText(row).padEnd(3 * bytesPerRow)} ${asciiText(row)}`;
          })
          .join('\n')}
      </pre>
      {typeof total === 'number' && total > bytes.length && (
        <p className="ss-quiet">
          The first {formatCount(bytes.length)} of {formatCount(total)} bytes.
        </p>
      )}
    </section>
  );
}

/** Null for what is no base64: a recording may come from anywhere. */
function bytesOf(base64: unknown): Uint8Array | null {
  if (typeof base64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) return null;
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
