import { Plus, X } from 'lucide-react';
import { useEffect, useRef, type ClipboardEvent } from 'react';
import { isSecretHeader } from '../../shared/maskSecrets.ts';
import { headerRow, headersFromText, type HeaderRow } from '../state/requestDraft.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';

/** The header table. Pasting several lines into a name fills as many rows. */
export function HeadersPanel() {
  const headers = useSending((state) => state.draft.headers);
  const last = useRef<HTMLInputElement>(null);
  const added = useRef(false);

  useEffect(() => {
    if (added.current) last.current?.focus();
    added.current = false;
  }, [headers.length]);

  const change = (key: number, patch: Partial<HeaderRow>): void =>
    changeDraft({ headers: headers.map((row) => (row.key === key ? { ...row, ...patch } : row)) });

  function paste(event: ClipboardEvent, row: HeaderRow): void {
    const rows = headersFromText(event.clipboardData.getData('text'));
    if (rows.length === 0) return;
    event.preventDefault();
    const at = headers.indexOf(row);
    const isBlank = row.name === '' && row.value === '';
    changeDraft({ headers: headers.toSpliced(isBlank ? at : at + 1, isBlank ? 1 : 0, ...rows) });
  }

  function add(): void {
    added.current = true;
    changeDraft({ headers: [...headers, headerRow('', '')] });
  }

  return (
    <>
      {headers.length > 0 && (
        <table className="ss-request-headers">
          <thead className="ss-unseen">
            <tr>
              <th>Sent</th>
              <th>Name</th>
              <th>Value</th>
              <th>Remove</th>
            </tr>
          </thead>
          <tbody>
            {headers.map((row, i) => {
              const name = row.name === '' ? `header ${i + 1}` : row.name;
              return (
                <tr key={row.key} data-off={!row.on}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Send ${name}`}
                      checked={row.on}
                      onChange={(event) => change(row.key, { on: event.target.checked })}
                    />
                  </td>
                  <td>
                    <input
                      ref={i === headers.length - 1 ? last : undefined}
                      className="ss-field ss-data"
                      aria-label={`Name of header ${i + 1}`}
                      placeholder="Name"
                      spellCheck={false}
                      autoComplete="off"
                      value={row.name}
                      onChange={(event) => change(row.key, { name: event.target.value })}
                      onPaste={(event) => paste(event, row)}
                    />
                  </td>
                  <td>
                    <input
                      className="ss-field ss-data"
                      aria-label={`Value of ${name}`}
                      placeholder="Value"
                      spellCheck={false}
                      autoComplete="off"
                      data-secret={isSecretHeader(row.name)}
                      value={row.value}
                      onChange={(event) => change(row.key, { value: event.target.value })}
                    />
                  </td>
                  <td>
                    <IconButton
                      label={`Remove ${name}`}
                      icon={X}
                      onClick={() => changeDraft({ headers: headers.filter(({ key }) => key !== row.key) })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      <div className="ss-request-line">
        <Button look="plain" onClick={add}>
          <Plus size={14} aria-hidden /> Add header
        </Button>
        <span className="ss-quiet">
          Host, Content-Length and Accept-Encoding are added by themselves. Paste many lines into a name at once.
        </span>
      </div>
    </>
  );
}
