import { EllipsisVertical, Star, StickyNote } from 'lucide-react';
import { memo, type CSSProperties, type MouseEvent } from 'react';
import type { SearchExcerpt } from '../../shared/library.ts';
import { maskUrl } from '../../shared/maskSecrets.ts';
import type { RecordingSummary } from '../../shared/recording.ts';
import { lastHeardOf, liveNowMicros } from '../state/liveClocks.ts';
import { useIsLive } from '../state/sending.ts';
import { formatBytes, formatClock, formatCount, formatDateTime, formatDuration } from '../ui/format.ts';
import { kindOf, remarkOn, toneOf } from '../ui/summaryWords.ts';
import { ToneMark } from '../ui/ToneMark.tsx';
import { visibleText } from '../ui/visibleText.ts';
import { Marked } from './Marked.tsx';
import type { MenuPlace } from './RecordingMenu.tsx';
import { markedPieces } from './searchTerms.ts';
import { useTick } from '../ui/useTick.ts';

interface RecordingRowProps {
  readonly summary: RecordingSummary;
  readonly selected: boolean;
  readonly row: number;
  readonly place: CSSProperties;
  /** Where a search found its words in the text. */
  readonly excerpt: SearchExcerpt | undefined;
  /** What was searched for, in small letters. */
  readonly words: readonly string[];
  readonly onOpen: (row: number) => void;
  readonly onMenu: (place: MenuPlace) => void;
}

/** One line of the library. */
export const RecordingRow = memo(
  function RecordingRow({ summary, selected, row, place, excerpt, words, onOpen, onMenu }: RecordingRowProps) {
    const live = useIsLive(summary.id);
    useTick(100, live);
    const tone = toneOf(summary);
    const remark = remarkOn(summary);
    const kind = kindOf(summary);
    const { counts } = (live ? lastHeardOf(summary.id) : undefined) ?? summary;
    const frames = `${formatCount(counts.frames)} ${counts.frames === 1 ? 'frame' : 'frames'}`;
    const openMenu = (event: MouseEvent): void => {
      event.preventDefault();
      event.stopPropagation();
      onMenu({ summary, x: event.clientX, y: event.clientY });
    };
    return (
      <div
        id={`recording-${summary.id}`}
        role="option"
        aria-selected={selected}
        className="ss-library-row"
        style={place}
        title={tooltipOf(summary)}
        onClick={() => onOpen(row)}
        onContextMenu={openMenu}
      >
        <ToneMark tone={tone} />
        <span className="ss-library-name">
          <Marked pieces={markedPieces(summary.name, words)} />
        </span>
        <span className="ss-library-time ss-data">
          {live ? formatClock(liveNowMicros(summary.id)) : formatDuration(summary.durationMicros)}
        </span>
        <span className="ss-library-facts">
          <span className="ss-library-words">
            {summary.route !== undefined ? (
              <span className="ss-library-route">/{summary.route} </span>
            ) : (
              kind !== '' && <span className="ss-library-kind">{kind} </span>
            )}
            <span className="ss-data">{frames}</span>
            {remark !== '' && <span className={`ss-tone-${tone}`}> {remark}</span>}
            {summary.client !== undefined && <span> {visibleText(summary.client)}</span>}
            {summary.tags.map((tag) => (
              <span key={tag} className="ss-library-tag">
                <Marked pieces={markedPieces(tag, words)} />
              </span>
            ))}
          </span>
          {summary.note !== null && <StickyNote size={12} aria-label="has a note" />}
          {summary.starred && <Star size={12} className="ss-library-star" aria-label="starred" />}
          {/* For the mouse; keys open the same menu. */}
          <span className="ss-library-more" aria-hidden title="What can be done with it" onClick={openMenu}>
            <EllipsisVertical size={14} />
          </span>
        </span>
        {excerpt !== undefined && (
          <span className="ss-library-excerpt">
            <Marked pieces={excerpt.pieces} />
          </span>
        )}
      </div>
    );
  },
  (before, after) =>
    before.summary === after.summary &&
    before.selected === after.selected &&
    before.row === after.row &&
    before.excerpt === after.excerpt &&
    before.words === after.words &&
    before.place.height === after.place.height &&
    before.place.transform === after.place.transform &&
    before.onOpen === after.onOpen,
);

function tooltipOf(summary: RecordingSummary): string {
  const { name, method, url, startedAt, model, sizeOnDisk, tags, note, route, client } = summary;
  const facts = [
    name,
    `${method} ${maskUrl(url)}`.trim(),
    formatDateTime(startedAt),
    kindOf(summary),
    model ?? '',
    route === undefined
      ? ''
      : `through the proxy, /${route}${client === undefined ? '' : `, from ${visibleText(client)}`}`,
    sizeOnDisk === null ? '' : `${formatBytes(sizeOnDisk)} on disk`,
    tags.join(', '),
    note ?? '',
  ];
  return facts.filter((fact) => fact !== '').join('\n');
}
