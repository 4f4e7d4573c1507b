import { CornerDownLeft, Square } from 'lucide-react';
import { useEffect, useRef, useState, type ClipboardEvent } from 'react';
import { useConnection } from '../state/HostContext.tsx';
import { useEngine } from '../state/EngineContext.tsx';
import {
  isPastedRequest,
  methods,
  sentRows,
  urlPieces,
  type BodyKind,
  type RequestDraft,
} from '../state/requestDraft.ts';
import {
  changeDraft,
  pasteRequest,
  sendDraft,
  stopRecording,
  togglePanel,
  useIsLive,
  useSending,
  type RequestPanel,
} from '../state/sending.ts';
import { useView } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import './request.css';

/** Method, address and the one button that sends or stops; under it the parts of the request. */
export function RequestBar() {
  const draft = useSending((state) => state.draft);
  return (
    <form
      className="ss-request"
      role="search"
      aria-label="Request"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <div className="ss-request-address">
        <MethodSelect method={draft.method} />
        <UrlField url={draft.url} />
      </div>
      <PanelButtons draft={draft} />
      <SendButton />
    </form>
  );
}

function MethodSelect({ method }: { readonly method: string }) {
  const isKnown = methods.some((known) => known === method);
  return (
    <select
      className="ss-request-method"
      aria-label="Method"
      value={method}
      onChange={(event) => changeDraft({ method: event.target.value })}
    >
      {!isKnown && <option>{method}</option>}
      {methods.map((known) => (
        <option key={known}>{known}</option>
      ))}
    </select>
  );
}

function UrlField({ url }: { readonly url: string }) {
  const engine = useEngine();
  const wishes = useSending((state) => state.focusWishes);
  const field = useRef<HTMLInputElement>(null);
  const [focused, setFocused] = useState(false);
  const pieces = focused ? null : urlPieces(url);

  useEffect(() => {
    if (wishes === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [wishes]);

  function paste(event: ClipboardEvent<HTMLInputElement>): void {
    const text = event.clipboardData.getData('text');
    if (!isPastedRequest(text)) return;
    event.preventDefault();
    void pasteRequest(engine, text);
  }

  return (
    <div className="ss-request-url">
      <input
        ref={field}
        className="ss-data"
        aria-label="URL"
        type="text"
        inputMode="url"
        spellCheck={false}
        autoComplete="off"
        placeholder="URL to stream from, or a pasted cURL command"
        data-covered={pieces !== null}
        value={url}
        onChange={(event) => changeDraft({ url: event.target.value })}
        onPaste={paste}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          sendDraft(engine);
        }}
      />
      {pieces !== null && (
        <div className="ss-request-url-cover ss-data" aria-hidden>
          {pieces.before}
          <b>{pieces.host}</b>
          {pieces.after}
        </div>
      )}
    </div>
  );
}

const panelTitles: readonly (readonly [RequestPanel, string])[] = [
  ['headers', 'Headers'],
  ['body', 'Body'],
  ['auth', 'Auth'],
  ['options', 'Options'],
];

const bodyBadges: Readonly<Record<BodyKind, string | null>> = {
  none: null,
  json: 'JSON',
  text: 'text',
  form: 'form',
  bytes: 'bytes',
};

/** Whether a part of the request says something, and if so what to show beside its name. */
function badgeOf(panel: RequestPanel, draft: RequestDraft): string | null {
  switch (panel) {
    case 'headers': {
      const count = sentRows(draft).length;
      return count === 0 ? null : String(count);
    }
    case 'body':
      return bodyBadges[draft.bodyKind];
    case 'auth':
      return draft.authKind === 'none' ? null : draft.authKind;
    case 'options':
      return draft.options.insecureTls ? '!' : null;
  }
}

function PanelButtons({ draft }: { readonly draft: RequestDraft }) {
  const open = useSending((state) => state.panel);
  return (
    <div className="ss-request-panels" role="group" aria-label="Parts of the request">
      {panelTitles.map(([panel, title]) => {
        const badge = badgeOf(panel, draft);
        return (
          <Button
            key={panel}
            look="plain"
            aria-expanded={open === panel}
            aria-controls="request-panel"
            onClick={() => togglePanel(panel)}
          >
            {title}
            {badge !== null && (
              <span className="ss-badge" data-tone={badge === '!' ? 'warning' : undefined}>
                {badge}
              </span>
            )}
          </Button>
        );
      })}
    </div>
  );
}

function SendButton() {
  const engine = useEngine();
  const id = useView((view) => view.recordingId);
  const live = useIsLive(id);
  const sending = useSending((state) => state.sending);
  const connected = useConnection().state === 'connected';
  if (live && id !== null) {
    return (
      <Button className="ss-request-send" look="danger" onClick={() => void stopRecording(engine, id)}>
        <Square size={12} fill="currentColor" aria-hidden /> Stop
      </Button>
    );
  }
  return (
    <Button
      className="ss-request-send"
      look="primary"
      disabled={sending || !connected}
      onClick={() => sendDraft(engine)}
    >
      Send <CornerDownLeft size={14} aria-hidden />
    </Button>
  );
}
