import { FileText, Send } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLibrary } from '../state/library.ts';
import { focusUrl } from '../state/sending.ts';
import { viewActions } from '../state/view.ts';
import { Button } from '../ui/Button.tsx';
import { formatQuantity } from '../ui/format.ts';
import { kindOf, toneOf } from '../ui/summaryWords.ts';
import { ToneMark } from '../ui/ToneMark.tsx';
import './welcome.css';

interface WelcomeProps {
  /** The door to the mock server. */
  readonly mockDoor: ReactNode;
  /** The door for programs that are seen through the proxy. */
  readonly proxyDoor: ReactNode;
  readonly onOpenFile: () => void;
}

/** What the window shows while no recording is open: the doors to one. */
export function Welcome({ mockDoor, proxyDoor, onOpenFile }: WelcomeProps) {
  const { recordings } = useLibrary();
  const samples = recordings.filter(({ sample }) => sample);
  return (
    <main className="ss-welcome" aria-label="Start">
      <div className="ss-welcome-inner">
        <h1>See every byte of a stream, when it came, and what is wrong with it.</h1>
        <div className="ss-doors">
          <section className="ss-door" aria-label="Send a request">
            <h2>
              <Send size={16} aria-hidden /> Send a request
            </h2>
            <p>Type a URL above, or paste a cURL command or a fetch snippet into it, and press Send.</p>
            <Button onClick={focusUrl}>Go to the URL field</Button>
          </section>
          {proxyDoor}
          <section className="ss-door" aria-label="Open a file">
            <h2>
              <FileText size={16} aria-hidden /> Open a file
            </h2>
            <p>A recording, a raw body or a saved curl -i dump. Dropping it anywhere on this window does the same.</p>
            <Button onClick={onOpenFile}>Choose a file…</Button>
          </section>
          {mockDoor}
        </div>
        {samples.length > 0 && (
          <section className="ss-samples" aria-label="Sample recordings">
            <h2>Sample recordings</h2>
            <ul>
              {samples.map((summary) => (
                <li key={summary.id}>
                  <button type="button" onClick={() => viewActions.openRecording(summary.id)}>
                    <ToneMark tone={toneOf(summary)} />
                    <span>{summary.name}</span>
                    <span className="ss-quiet">
                      {kindOf(summary)} · {formatQuantity(summary.counts.frames, 'frame')}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </main>
  );
}
