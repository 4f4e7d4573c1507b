import process from 'node:process';
import { duration } from '../../../engine/recording/verdict.ts';
import type { LibrarySort, SearchExcerpt } from '../../../shared/library.ts';
import { maskUrl } from '../../../shared/maskSecrets.ts';
import type { RecordingSummary } from '../../../shared/recording.ts';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { exitCode } from './exitCodes.ts';
import { jsonLine, palette, print, safeForTerminal, type Palette } from './terminal.ts';

interface Find {
  readonly expression: string;
  readonly sort: LibrarySort;
  readonly json: boolean;
}

/**
 * `list` and `search`: one recording a line, live ones first; NDJSON where nobody looks, then with `excerpt` where the
 * words are in its text. @throws FailureError for a search that cannot be understood
 */
export async function findRecordings(instrument: Instrument, { expression, sort, json }: Find): Promise<number> {
  const found = await instrument.libraryPanel.searchAll(expression, sort);
  const lines = new Map(instrument.recordings.list().map((line) => [line.id, line]));
  const excerpts = new Map(found.excerpts.map((excerpt) => [excerpt.id, excerpt]));
  const colours = palette(process.stdout.isTTY);
  if (found.problem !== null) process.stderr.write(`streamscope: ${safeForTerminal(found.problem)}\n`);
  for (const id of found.ids) {
    const line = lines.get(id);
    if (line === undefined) continue;
    const excerpt = excerpts.get(id);
    if (json) {
      const text = excerpt?.pieces.map((piece) => piece.text).join('');
      await print(jsonLine({ ...line, url: maskUrl(line.url), ...(text === undefined ? {} : { excerpt: text }) }));
    } else {
      await print(`${recordingLine(line, colours)}\n`);
      if (excerpt !== undefined) await print(`    ${excerptLine(excerpt, colours)}\n`);
    }
  }
  if (found.ids.length === 0 && !json) {
    await print(expression === '' ? 'No recordings yet. Make one: streamscope record URL\n' : 'No recording fits.\n');
  }
  return exitCode.fine;
}

function recordingLine(recording: RecordingSummary, { dim }: Palette): string {
  const time = new Date(recording.startedAt).toISOString().slice(0, 19).replace('T', ' ');
  const how = recording.state === 'ended' ? (recording.endingKind ?? '') : recording.state;
  const lasted = recording.durationMicros === null ? '—' : duration(recording.durationMicros);
  const tags = recording.tags.map((tag) => ` #${tag}`).join('');
  const cells = [
    recording.id.padEnd(22),
    dim(time),
    how.padEnd(11),
    (recording.framing ?? '—').padEnd(7),
    String(recording.counts.frames).padStart(9),
    lasted.padStart(9),
    safeForTerminal(`${recording.starred ? '★ ' : ''}${recording.name}${tags}`),
  ];
  return cells.join('  ');
}

function excerptLine({ pieces }: SearchExcerpt, { dim, strong }: Palette): string {
  return pieces.map(({ text, found }) => (found ? strong : dim)(safeForTerminal(text))).join('');
}
