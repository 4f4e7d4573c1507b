import { compareJson } from '../../engine/recording/compare/jsonDifference.ts';
import type { PairingRows } from '../../engine/recording/compare/pairingRows.ts';
import { previewFrame } from '../../engine/framing/describe.ts';
import type { Input } from '../../shared/calls.ts';
import { frameRelation, type ComparedFrames } from '../../shared/compare.ts';
import type { Limits } from '../../shared/limits.ts';
import { frameKinds, type FrameKind } from '../../shared/words.ts';
import { frameJson } from './frameJson.ts';
import { framingOf, type OpenedRecording } from './openedRecording.ts';

const previewBytes = 1_024;
const previewChars = 160;

type RowColumns = Pick<ComparedFrames, 'left' | 'right' | 'relation' | 'leftPreview' | 'rightPreview'>;

/** The rows that were asked for, with a line of each frame; fewer at the end. */
export function comparedRows(
  left: OpenedRecording,
  right: OpenedRecording,
  rows: PairingRows,
  { from, count, criterion, ignore }: Input<'compare.frames'>,
  limits: Limits,
): RowColumns {
  const length = Math.max(0, Math.min(count, rows.total - from));
  const columns = { left: new Float64Array(length), right: new Float64Array(length), relation: new Uint8Array(length) };
  const leftPreview: string[] = [];
  const rightPreview: string[] = [];
  const ignored = new Set(criterion === 'json' ? ignore : []);
  for (let i = 0; i < length; i++) {
    const row = rows.at(from + i);
    const a = row.left < 0 ? -1 : left.analysis.frames.contentFrame(row.left);
    const b = row.right < 0 ? -1 : right.analysis.frames.contentFrame(row.right);
    columns.left[i] = a;
    columns.right[i] = b;
    columns.relation[i] = frameRelation[row.relation];
    const values = row.relation === 'changed' ? firstValues(left, a, right, b, ignored, limits) : undefined;
    leftPreview.push(values?.left ?? previewOf(left, a));
    rightPreview.push(values?.right ?? previewOf(right, b));
  }
  return { ...columns, leftPreview, rightPreview };
}

/** Path and value of the first difference on each side; undefined where there is none to tell. */
function firstValues(
  left: OpenedRecording,
  a: number,
  right: OpenedRecording,
  b: number,
  ignored: ReadonlySet<string>,
  limits: Limits,
): { readonly left: string; readonly right: string } | undefined {
  const small = { ...limits, jsonBytes: limits.framePreviewBytes };
  const ofLeft = frameJson(left, a, small);
  const ofRight = frameJson(right, b, small);
  if (ofLeft.note !== null || ofRight.note !== null) return undefined;
  const { differences, total } = compareJson(ofLeft.value, ofRight.value, ignored);
  const first = differences[0];
  if (first === undefined) return undefined;
  const more = total === 1 ? '' : ` (and ${String(total - 1)} more)`;
  const told = (value: string | null): string => cut(`${first.path} ${value ?? '—'}`) + more;
  return { left: told(first.left), right: told(first.right) };
}

function cut(text: string): string {
  return text.length <= previewChars ? text : `${text.slice(0, previewChars)}…`;
}

function previewOf(recording: OpenedRecording, n: number): string {
  if (n < 0) return '';
  return recording.analysis.frames.at(n, (columns, i) => {
    const length = Math.min(columns.length[i] as number, previewBytes);
    const bytes = recording.reader.read('body', columns.offset[i] as number, length);
    const kind = frameKinds[columns.kind[i] as number] as FrameKind;
    return previewFrame(framingOf(recording), kind, bytes, previewChars);
  });
}
