import { Plus, X } from 'lucide-react';
import { formRow, type FormRow } from '../state/requestDraft.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { formatBytes } from '../ui/format.ts';
import { FileField } from '../ui/FileField.tsx';

/** Larger files are for the command line, which reads them while it sends them. */
export const mostFileBytes = 64 * 1024 * 1024;

/** The parts of a multipart/form-data body: a name each, with a text or a file. */
export function FormRows() {
  const rows = useSending((state) => state.draft.formRows);
  const change = (key: number, patch: Partial<FormRow>): void =>
    changeDraft({ formRows: rows.map((row) => (row.key === key ? { ...row, ...patch } : row)) });
  return (
    <>
      <table className="ss-request-parts" aria-label="Parts of the form">
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.key}>
              <td>
                <input
                  className="ss-field ss-data"
                  aria-label={`Name of part ${String(index + 1)}`}
                  placeholder="Name"
                  spellCheck={false}
                  value={row.name}
                  onChange={({ target }) => change(row.key, { name: target.value })}
                />
              </td>
              <td>
                {row.file === null ? (
                  <input
                    className="ss-field ss-data"
                    aria-label={`Text of part ${String(index + 1)}`}
                    placeholder="Text"
                    spellCheck={false}
                    value={row.text}
                    onChange={({ target }) => change(row.key, { text: target.value })}
                  />
                ) : (
                  <span className="ss-data">
                    {row.file.name}{' '}
                    <span className="ss-quiet">
                      {row.file.bytes.length === 0 ? 'empty: choose the file' : formatBytes(row.file.bytes.length)}
                    </span>
                  </span>
                )}
              </td>
              <td>
                <FileField
                  label={`File of part ${String(index + 1)}`}
                  chosen={row.file === null ? null : ''}
                  most={mostFileBytes}
                  onChoose={(file) => change(row.key, { file })}
                  onRemove={() => change(row.key, { file: null })}
                />
              </td>
              <td>
                <input
                  className="ss-field ss-data"
                  aria-label={`Content type of part ${String(index + 1)}`}
                  placeholder={row.file === null ? 'no content type' : 'application/octet-stream'}
                  spellCheck={false}
                  value={row.contentType}
                  onChange={({ target }) => change(row.key, { contentType: target.value })}
                />
              </td>
              <td>
                <IconButton
                  label={`Remove part ${String(index + 1)}`}
                  icon={X}
                  onClick={() => changeDraft({ formRows: rows.filter((other) => other !== row) })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div>
        <Button onClick={() => changeDraft({ formRows: [...rows, formRow()] })}>
          <Plus size={14} aria-hidden /> Add a part
        </Button>
      </div>
    </>
  );
}
