import type { Ending, RecordingDetail, Reconnection, ResponseHead } from '../../shared/recording.ts';
import type { Micros } from '../../shared/words.ts';
import { formatDuration } from '../ui/format.ts';
import { resumedWords } from '../ui/reconnectWords.ts';
import { visibleText } from '../ui/visibleText.ts';

interface ConnectionRow {
  readonly beganMicros: Micros | null;
  /** What was sent to go on from; null for the first. */
  readonly resumed: string | null;
  readonly head: ResponseHead | null;
  readonly ending: Ending | null;
  readonly firstFrame: number;
}

/** The connections of a recording that has more than one: when each began, from where, and how it ended. */
export function Connections({ detail }: { readonly detail: RecordingDetail }) {
  const rows = connectionsOf(detail);
  if (rows.length < 2) return null;
  return (
    <section className="ss-exchange-section" aria-label="Connections">
      <h2>Connections</h2>
      <ol className="ss-exchange-connections ss-selectable" aria-label="Connections">
        {rows.map(({ beganMicros, resumed, head, ending, firstFrame }, i) => (
          <li key={i}>
            <b>{i + 1}</b> {beganMicros === null ? 'not begun' : `began after ${formatDuration(beganMicros)}`}
            {resumed !== null && (
              <>
                , <span className="ss-data">{visibleText(resumed)}</span>
              </>
            )}
            {head !== null && (
              <>
                , answer <span className="ss-data">{`${String(head.status)} ${visibleText(head.statusText)}`}</span>,
                from frame {(firstFrame + 1).toLocaleString('en-US')}
              </>
            )}
            {ending !== null && beganMicros !== null && (
              <div className="ss-quiet">
                {ending.message} <span className="ss-data">{ending.code}</span>
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function connectionsOf({ exchange, reconnectionFrames }: RecordingDetail): readonly ConnectionRow[] {
  const reconnections = exchange.reconnections ?? [];
  const endingOf = (i: number): Ending | null => reconnections[i]?.after ?? exchange.ending;
  const first = { beganMicros: 0, resumed: null, head: firstHead(exchange.head, reconnections), ending: endingOf(0) };
  return [
    { ...first, firstFrame: 0 },
    ...reconnections.map((reconnection, i) => ({
      beganMicros: reconnection.atMicros,
      resumed: resumedWords(reconnection, exchange),
      head: reconnection.head,
      ending: endingOf(i + 1),
      firstFrame: reconnectionFrames[i] ?? 0,
    })),
  ];
}

/** The recording's head is that of the first answer, which a later connection may have brought. */
function firstHead(head: ResponseHead | null, reconnections: readonly Reconnection[]): ResponseHead | null {
  return reconnections.some((later) => later.head?.atMicros === head?.atMicros) ? null : head;
}
