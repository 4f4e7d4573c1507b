import type { Settings } from '../../shared/settings.ts';

export type ColumnId = Settings['frameColumns'][number];

export interface Column {
  readonly id: ColumnId;
  /** Heading; times say their unit here, so that cells need not. */
  readonly title: string;
  /** Name in the menu of columns and for assistive technology. */
  readonly name: string;
  readonly align: 'left' | 'right';
  /** CSS pixels; `data` takes what the others leave. */
  readonly widthPixels: number;
  readonly leastPixels: number;
}

export const columns: readonly Column[] = [
  { id: 'n', title: '#', name: 'Number', align: 'right', widthPixels: 64, leastPixels: 40 },
  { id: 'type', title: 'Type', name: 'Type', align: 'left', widthPixels: 104, leastPixels: 48 },
  { id: 'data', title: 'Data', name: 'Data', align: 'left', widthPixels: 0, leastPixels: 80 },
  { id: 'id', title: 'Id', name: 'Event id', align: 'left', widthPixels: 72, leastPixels: 40 },
  { id: 'offset', title: 'Offset', name: 'Offset', align: 'right', widthPixels: 96, leastPixels: 56 },
  { id: 'chunk', title: 'Chunk', name: 'Chunk', align: 'right', widthPixels: 104, leastPixels: 56 },
  { id: 'size', title: 'Size', name: 'Size', align: 'right', widthPixels: 56, leastPixels: 40 },
  { id: 'tokens', title: 'Tokens', name: 'Tokens (about)', align: 'right', widthPixels: 64, leastPixels: 48 },
  { id: 'time', title: 'Time', name: 'Time', align: 'right', widthPixels: 100, leastPixels: 72 },
  { id: 'gap', title: 'Δ ms', name: 'Time since the frame before', align: 'right', widthPixels: 80, leastPixels: 56 },
];

/** Key under which a column's width is kept among the pane sizes. */
export function widthKey(id: ColumnId): string {
  return `frames.${id}`;
}

export function shownColumns(settings: Pick<Settings, 'frameColumns'>): readonly Column[] {
  const shown = columns.filter((column) => settings.frameColumns.includes(column.id));
  return shown.length > 0 ? shown : columns.filter((column) => column.id === 'data');
}

/** The longest texts that columns of numbers will hold, in characters. */
export type LongestTexts = { readonly [Id in ColumnId]?: number };

const characterPixels = 7.3;
const paddingPixels = 18;

/** The user's width, or the default one, wider where the longest text needs it. */
export function columnPixels(column: Column, panes: Settings['panes'], longest: LongestTexts): number {
  const chosen = panes[widthKey(column.id)];
  if (chosen !== undefined) return Math.max(column.leastPixels, chosen);
  const needed = Math.ceil((longest[column.id] ?? 0) * characterPixels) + paddingPixels;
  return Math.max(column.widthPixels, needed);
}

/** The tracks of the table's grid. */
export function gridTracks(shown: readonly Column[], panes: Settings['panes'], longest: LongestTexts): string {
  return shown
    .map((column) =>
      column.id === 'data'
        ? `minmax(${String(column.leastPixels)}px, 1fr)`
        : `${String(columnPixels(column, panes, longest))}px`,
    )
    .join(' ');
}

/** The columns with one shown or hidden; the last one cannot be hidden. */
export function toggledColumns(current: readonly ColumnId[], id: ColumnId): ColumnId[] {
  const wanted = columns.map((column) => column.id).filter((each) => current.includes(each) !== (each === id));
  return wanted.length > 0 ? wanted : [...current];
}
