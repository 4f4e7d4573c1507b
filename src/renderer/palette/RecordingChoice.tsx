import { Command } from 'cmdk';
import { useState } from 'react';
import type { RecordingSummary } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { showOverlay } from '../state/overlay.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { formatDateTime, formatQuantity } from '../ui/format.ts';
import { remarkOn, toneOf } from '../ui/summaryWords.ts';
import { ToneMark } from '../ui/ToneMark.tsx';
import './palette.css';

const shownRows = 50;

interface RecordingChoiceProps {
  readonly title: string;
  readonly placeholder: string;
  readonly recordings: readonly RecordingSummary[];
  readonly onChosen: (id: RecordingId) => void;
}

/** Chooses a recording by typing a part of its name or address. */
export function RecordingChoice({ title, placeholder, recordings, onChosen }: RecordingChoiceProps) {
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = recordings.filter(({ name, url }) => {
    const text = `${name}\n${url}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <Dialog title={title} bare className="ss-palette" onClose={() => showOverlay(null)}>
      <Command label="Recordings" loop shouldFilter={false}>
        <Command.Input placeholder={placeholder} value={search} onValueChange={setSearch} />
        <Command.List>
          {found.length === 0 && <div cmdk-empty="">No recording has these words.</div>}
          {found.slice(0, shownRows).map((summary) => (
            <Command.Item
              key={summary.id}
              value={summary.id}
              onSelect={() => {
                showOverlay(null);
                onChosen(summary.id);
              }}
            >
              <ToneMark tone={toneOf(summary)} />
              <span className="ss-palette-name">{summary.name}</span>
              <span className="ss-quiet ss-data">
                {formatQuantity(summary.counts.frames, 'frame')} {remarkOn(summary)}
              </span>
              <span className="ss-quiet ss-data">{formatDateTime(summary.startedAt)}</span>
            </Command.Item>
          ))}
          {found.length > shownRows && (
            <div cmdk-empty="">{formatQuantity(found.length - shownRows, 'more recording')}: type more to narrow.</div>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}
