import type { BodyKind } from '../state/requestDraft.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { Editor } from '../ui/editor/Editor.tsx';
import { formatBytes } from '../ui/format.ts';

const kinds: readonly (readonly [BodyKind, string])[] = [
  ['none', 'None'],
  ['json', 'JSON'],
  ['text', 'Text'],
];

/** The body that is sent: nothing, JSON (with its content type) or text as it stands. */
export function BodyPanel() {
  const { bodyKind, bodyText, bodyBytes, method } = useSending((state) => state.draft);
  const offered: readonly (readonly [BodyKind, string])[] =
    bodyBytes.length > 0 ? [...kinds, ['bytes', `Pasted bytes (${formatBytes(bodyBytes.length)})`]] : kinds;

  function choose(kind: BodyKind): void {
    // A body makes GET a POST, as curl does it; any other choice of method is the user's own.
    changeDraft(kind !== 'none' && method === 'GET' ? { bodyKind: kind, method: 'POST' } : { bodyKind: kind });
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
      </div>
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
