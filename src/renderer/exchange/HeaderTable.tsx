import { maskHeaderValue } from '../../shared/maskSecrets.ts';
import type { HeaderList } from '../../shared/request.ts';
import { Secret } from '../ui/Secret.tsx';
import { visibleText } from '../ui/visibleText.ts';

/** Headers in the order of the wire, secrets masked until they are asked for. */
export function HeaderTable({ headers, name: label }: { readonly headers: HeaderList; readonly name: string }) {
  if (headers.length === 0) return <p className="ss-quiet">None.</p>;
  return (
    <table className="ss-exchange-table ss-data ss-selectable" aria-label={label}>
      <tbody>
        {headers.map(([name, value], i) => (
          // The same name may come more than once: its place is what it is.
          <tr key={i}>
            <th scope="row">{visibleText(name)}</th>
            <td>
              <Secret value={visibleText(value)} masked={visibleText(maskHeaderValue(name, value))} name={name} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
