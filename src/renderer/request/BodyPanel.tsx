import { formRow, type BodyKind } from '../state/requestDraft.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { Editor } from '../ui/editor/Editor.tsx';
import { formatBytes } from '../ui/format.ts';
import { FileField } from '../ui/FileField.tsx';
import { FormRows, mostFileBytes } from './FormRows.tsx';

const kinds: readonly (readonly [BodyKind, string])[] = [
  ['none', 'None'],
  ['json', 'JSON'],
  ['text', 'Text'],
  ['form', 'Form'],
];

/** The body that is sent: nothing, JSON (with its content type), text as it stands, a form or a file. */
export function BodyPanel() {
  const { bodyKind, bodyText, bodyBytes, bodyFileName, formRows, method } = useSending((state) => state.draft);
  const isPasted = bodyBytes.length > 0 && bodyFileName === null;
  const bytesTitle = isPasted ? `Pasted bytes (${formatBytes(bodyBytes.length)})` : 'File';
  const offered: readonly (readonly [BodyKind, string])[] = [...kinds, ['bytes', bytesTitle]];

  function choose(kind: BodyKind): void {
    // A body makes GET a POST, as curl does it; any other choice of method is the user's own.
    const asPost = kind !== 'none' && method === 'GET' ? { method: 'POST' } : {};
    const firstRow = kind === 'form' && formRows.length === 0 ? { formRows: [formRow()] } : {};
    changeDraft({ bodyKind: kind, ...asPost, ...firstRow });
  }

  return (
    <div className="ss-request-body">
      <div className="ss-request-line" role="radiogroup" aria-label="Kind of body">
        {offered.map(([kind, title]) => (
          <label key={kind} className="ss-check">
            <input type="radio" name="body-kind" checked={bodyKind === kind} onChange={() => choose(kind)} />
            {title}
          </label>
        ))}
        {bodyKind === 'json' && (
          <span className="ss-quiet">Sent with Content-Type: application/json unless Headers says other.</span>
        )}
        {bodyKind === 'form' && (
          <span className="ss-quiet">Sent as multipart/form-data, with a boundary of its own.</span>
        )}
        {bodyKind === 'bytes' && !isPasted && (
          <FileField
            label="File to send"
            chosen={
              bodyFileName === null
                ? null
                : `${bodyFileName} (${bodyBytes.length === 0 ? 'empty' : formatBytes(bodyBytes.length)})`
            }
            most={mostFileBytes}
            onChoose={({ name, bytes }) => changeDraft({ bodyFileName: name, bodyBytes: bytes })}
            onRemove={() => changeDraft({ bodyFileName: null, bodyBytes: new Uint8Array(0) })}
          />
        )}
      </div>
      {bodyKind === 'form' && <FormRows />}
      {(bodyKind === 'json' || bodyKind === 'text') && (
        <div className="ss-request-editor">
          <Editor
            label="Request body"
            language={bodyKind === 'json' ? 'json' : 'plaintext'}
            value={bodyText}
            onChange={(text) => changeDraft({ bodyText: text })}
          />
        </div>
      )}
    </div>
  );
}
