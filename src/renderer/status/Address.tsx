import { maskUrl } from '../../shared/maskSecrets.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { visibleText } from '../ui/visibleText.ts';

/** Method and address of the open recording, secrets masked; the request being edited may be another one. */
export function Address({ exchange }: { readonly exchange: ExchangeFacts | null }) {
  return (
    <div className="ss-status-address" role="group" aria-label="Address of this recording">
      {exchange !== null && <AddressOf exchange={exchange} />}
    </div>
  );
}

function AddressOf({ exchange: { request, importedFrom } }: { readonly exchange: ExchangeFacts }) {
  if (request === null) {
    const origin = importedFrom === undefined ? 'No request is known' : `From the file ${visibleText(importedFrom)}`;
    return <span title={origin}>{origin}</span>;
  }
  const url = maskUrl(request.url);
  const shown = visibleText(url);
  return (
    <>
      <b className="ss-data">{visibleText(request.method)}</b>
      <span className="ss-data ss-selectable" title={`${visibleText(request.method)} ${shown}`}>
        {shown}
      </span>
      <CopyButton text={url} label={url === request.url ? 'Copy address' : 'Copy address, secrets masked'} />
    </>
  );
}
