import type { FrameDelta } from '../../shared/message.ts';
import { deltaTitle, isWords, visibleWords } from '../ui/deltaWords.ts';
import { formatCount, formatOrdinal } from '../ui/format.ts';
import { visibleText } from '../ui/visibleText.ts';

/** Everything that a frame says in its dialect, in order. */
export function Deltas({ deltas }: { readonly deltas: readonly FrameDelta[] }) {
  if (deltas.length === 0) {
    return <p className="ss-inspector-note">This frame says nothing in the stream’s dialect.</p>;
  }
  return (
    <ul className="ss-deltas" aria-label="What the frame says">
      {deltas.map((delta, i) => (
        <li key={i}>
          <span className={`ss-delta-mark ss-delta-${delta.kind}`} aria-hidden />
          <div>
            <span className="ss-delta-kind">{deltaTitle(delta.kind)}</span>
            {delta.name !== null && <span className="ss-delta-name">{visibleText(delta.name)}</span>}
            {delta.choice !== null && delta.choice > 0 && (
              <span className="ss-delta-name">answer {formatOrdinal(delta.choice)}</span>
            )}
            {delta.text !== '' && <pre className="ss-delta-text-shown">{shownText(delta)}</pre>}
            {delta.length > delta.text.length && (
              <span className="ss-delta-more">{formatCount(delta.length - delta.text.length)} more characters</span>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Words with their spaces to be seen; JSON as it is laid out. */
function shownText({ kind, text }: FrameDelta): string {
  const line = isWords(kind) ? visibleWords : visibleText;
  return text
    .split('\n')
    .map(line)
    .join(isWords(kind) ? '↵\n' : '\n');
}
