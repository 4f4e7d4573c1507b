import { Info, X } from 'lucide-react';
import { useEngine } from '../state/EngineContext.tsx';
import { missingScheme } from '../state/requestDraft.ts';
import { changeDraft, dismissSendingMessages, sendDraft, useSending } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { IconButton } from '../ui/IconButton.tsx';

/** What came of sending or pasting: why it failed with the way out, or what of a paste was left out. */
export function RequestMessages() {
  const engine = useEngine();
  const { failure, notes, draft } = useSending();
  const scheme = failure?.code === 'request/invalid-url' ? missingScheme(draft.url) : null;
  const canRetry = failure !== null && failure.retry === true;
  if (failure === null && notes.length === 0) return null;
  return (
    <div className="ss-request-messages">
      {failure !== null && (
        <FailureBox failure={failure} {...(canRetry ? { onRetry: () => sendDraft(engine) } : {})}>
          {scheme !== null && (
            <Button
              onClick={() => {
                changeDraft({ url: scheme + draft.url.trim() });
                sendDraft(engine);
              }}
            >
              Send to {scheme}…
            </Button>
          )}
          <IconButton label="Dismiss" icon={X} onClick={dismissSendingMessages} />
        </FailureBox>
      )}
      {notes.length > 0 && (
        <div className="ss-request-notes" role="status">
          <Info size={15} aria-hidden />
          <ul aria-label="Notes on the pasted request">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
          <IconButton label="Dismiss notes" icon={X} onClick={dismissSendingMessages} />
        </div>
      )}
    </div>
  );
}
