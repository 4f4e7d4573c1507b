import { compareJson } from '../../engine/recording/compare/jsonDifference.ts';
import { fitsLevels, parseExactly } from '../../engine/recording/compare/jsonForm.ts';
import { compareMessageTexts } from '../../engine/recording/compare/messageTexts.ts';
import { FrameComparison, type PairedRun } from '../../engine/recording/compare/frameComparison.ts';
import type { ComparedBody } from '../../engine/recording/compare/frameContents.ts';
import { PairingRows } from '../../engine/recording/compare/pairingRows.ts';
import type { Assembly } from '../../engine/dialects/assemble.ts';
import { payloadOf, previewFrame } from '../../engine/framing/describe.ts';
import type { Analysis } from '../../engine/recording/analysis.ts';
import type { Input } from '../../shared/calls.ts';
import {
  frameRelation,
  type ComparedFrames,
  type ComparedJson,
  type ComparedMessage,
  type RecordingComparison,
  type TextRun,
} from '../../shared/compare.ts';
import { FailureError } from '../../shared/failure.ts';
import { grouped } from '../../shared/grouped.ts';
import type { Limits } from '../../shared/limits.ts';
import { frameKinds, type FrameKind, type RecordingId } from '../../shared/words.ts';
import { compareRecordings } from './compareRecordings.ts';
import { messageReader } from './messages.ts';
import { framingOf, type OpenedRecording } from './openedRecording.ts';

const sliceMillis = 8;
/** Comparisons whose results are kept for the parts that are pulled of them. */
const keptAtMost = 4;
const runsAtOnce = 2_000;
const unitsAtOnce = 262_144;
const previewBytes = 1_024;
const previewChars = 160;

interface KeptFrames {
  readonly key: string;
  readonly left: Analysis;
  readonly right: Analysis;
  readonly leftFrames: number;
  readonly rightFrames: number;
  readonly comparison: FrameComparison;
  isDone: boolean;
}

interface KeptMessages {
  readonly left: Assembly | null;
  readonly right: Assembly | null;
  readonly units: string;
  readonly compared: ReturnType<typeof compareMessageTexts>;
}

/** Compares recordings for windows and the command line. Long work is done in slices, and kept for the next part. */
export class Comparisons {
  readonly #get: (id: RecordingId) => OpenedRecording;
  readonly #limits: Limits;
  #frames: readonly KeptFrames[] = [];
  #messages: readonly KeptMessages[] = [];

  /** @param get opens a recording for questions */
  constructor(get: (id: RecordingId) => OpenedRecording, limits: Limits) {
    this.#get = get;
    this.#limits = limits;
  }

  open({ left, right, align, frames }: Input<'compare.open'>): Promise<RecordingComparison> {
    return compareRecordings(this.#get(left), this.#get(right), align, frames, this.#limits);
  }

  async frames(input: Input<'compare.frames'>, signal: AbortSignal): Promise<ComparedFrames> {
    const { left, right, criterion, onlyDifferent, from, count } = input;
    let kept = this.#framesOf(input);
    const isCurrent = (): boolean => kept.left === this.#get(left).analysis && kept.right === this.#get(right).analysis;
    for (;;) {
      const until = performance.now() + sliceMillis;
      kept.isDone ||= kept.comparison.advance(() => performance.now() < until);
      if (kept.isDone) await kept.comparison.pairing();
      else await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      if (!isCurrent()) kept = this.#framesOf(input);
      else if (kept.isDone) break;
    }
    const { runs, by, ...counts } = await kept.comparison.pairing();
    const rows = new PairingRows(runs, onlyDifferent);
    const columns = this.#columns(this.#get(left), this.#get(right), rows, from, count);
    return {
      criterion,
      first: { ...kept.comparison.first },
      pairing: by,
      ...counts,
      from,
      total: rows.total,
      ...columns,
    };
  }

  /** The comparison that was begun, unless one of the two has another analysis or more frames by now. */
  #framesOf({ left, right, criterion, ignore }: Input<'compare.frames'>): KeptFrames {
    const key = JSON.stringify([left, right, criterion, [...ignore].sort()]);
    const ofLeft = this.#get(left);
    const ofRight = this.#get(right);
    const known = this.#frames.find((each) => each.key === key);
    if (
      known?.left === ofLeft.analysis &&
      known.right === ofRight.analysis &&
      known.leftFrames === known.left.frames.count &&
      known.rightFrames === known.right.frames.count
    ) {
      return known;
    }
    const rules = { ignored: new Set(ignore), limits: this.#limits };
    const begun: KeptFrames = {
      key,
      left: ofLeft.analysis,
      right: ofRight.analysis,
      leftFrames: ofLeft.analysis.frames.count,
      rightFrames: ofRight.analysis.frames.count,
      comparison: new FrameComparison(bodyOf(ofLeft), bodyOf(ofRight), criterion, rules),
      isDone: false,
    };
    this.#frames = [begun, ...this.#frames.filter((each) => each !== known)].slice(0, keptAtMost);
    return begun;
  }

  #columns(left: OpenedRecording, right: OpenedRecording, rows: PairingRows, from: number, count: number) {
    const length = Math.max(0, Math.min(count, rows.total - from));
    const columns = {
      left: new Float64Array(length),
      right: new Float64Array(length),
      relation: new Uint8Array(length),
    };
    const leftPreview: string[] = [];
    const rightPreview: string[] = [];
    for (let i = 0; i < length; i++) {
      const row = rows.at(from + i);
      columns.left[i] = row.left < 0 ? -1 : left.analysis.frames.contentFrame(row.left);
      columns.right[i] = row.right < 0 ? -1 : right.analysis.frames.contentFrame(row.right);
      columns.relation[i] = frameRelation[row.relation satisfies PairedRun['relation']];
      leftPreview.push(previewOf(left, columns.left[i] as number));
      rightPreview.push(previewOf(right, columns.right[i] as number));
    }
    return { ...columns, leftPreview, rightPreview };
  }

  async message({ left, right, text, fromRun }: Input<'compare.message'>): Promise<ComparedMessage> {
    const leftReader = await messageReader(this.#get(left), this.#limits);
    const rightReader = await messageReader(this.#get(right), this.#limits);
    const { texts, beyond } = await this.#messagesOf(leftReader?.message ?? null, rightReader?.message ?? null);
    return {
      hasLeft: leftReader !== null,
      hasRight: rightReader !== null,
      texts: texts.map(({ runs, ...about }) => ({ ...about, runs: runs.length })),
      beyond,
      finish: {
        left: leftReader?.message.choices.get(0)?.finish?.reason ?? null,
        right: rightReader?.message.choices.get(0)?.finish?.reason ?? null,
      },
      text,
      fromRun,
      runs: partOf(texts[text]?.runs ?? [], fromRun),
    };
  }

  #messagesOf(left: Assembly | null, right: Assembly | null): KeptMessages['compared'] {
    // A message that is still told grows in place.
    const units = [left, right].map((message) => `${message?.contentUnits ?? ''} ${message?.lastFrame ?? ''}`).join();
    const known = this.#messages.find((each) => each.left === left && each.right === right);
    if (known?.units === units) return known.compared;
    const compared = compareMessageTexts(left, right);
    const rest = this.#messages.filter((each) => each !== known);
    this.#messages = [{ left, right, units, compared }, ...rest].slice(0, keptAtMost);
    return compared;
  }

  json({ left, right, leftFrame, rightFrame, ignore }: Input<'compare.json'>): ComparedJson {
    const a = this.#jsonOf(this.#get(left), leftFrame);
    const b = this.#jsonOf(this.#get(right), rightFrame);
    const note = a.note ?? b.note;
    if (note !== null) return { note, differences: [], total: 0 };
    return { note: null, ...compareJson(a.value, b.value, new Set(ignore)) };
  }

  #jsonOf(recording: OpenedRecording, n: number): { readonly note: string | null; readonly value: unknown } {
    const { jsonBytes, jsonLevels } = this.#limits;
    const { frames } = recording.analysis;
    if (n >= frames.count) {
      throw new FailureError({
        code: 'call/invalid-input',
        message: `There is no frame ${String(n)}: the recording has ${String(frames.count)}.`,
      });
    }
    const which = `Frame ${grouped(n + 1)} of ${recording.id}`;
    const without = (why: string) => ({ note: `${which} ${why}`, value: undefined });
    return frames.at(n, (columns, i) => {
      const length = columns.length[i] as number;
      if (length > jsonBytes) return without(`is too large to be read as JSON: ${grouped(length)} bytes.`);
      const bytes = recording.reader.read('body', columns.offset[i] as number, length);
      const kind = frameKinds[columns.kind[i] as number] as FrameKind;
      const parsed = parseExactly(payloadOf(framingOf(recording), kind, bytes, false));
      if (parsed === undefined) return without('is not JSON.');
      if (!fitsLevels(parsed.value, jsonLevels)) {
        return without(`is nested too deep: more than ${grouped(jsonLevels)} levels.`);
      }
      return { note: null, value: parsed.value };
    });
  }
}

function bodyOf(recording: OpenedRecording): ComparedBody {
  const { analysis, reader } = recording;
  return {
    frames: analysis.frames,
    count: analysis.frames.count,
    framing: framingOf(recording),
    typeName: (type) => analysis.types.name(type),
    read: (offset, length) => reader.read('body', offset, length),
  };
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

/** Runs from one on, as many as one answer carries; at least one. */
function partOf(runs: readonly TextRun[], from: number): readonly TextRun[] {
  let units = 0;
  let to = from;
  while (to < runs.length && to - from < runsAtOnce && (to === from || units < unitsAtOnce)) {
    units += runs[to]?.text.length ?? 0;
    to++;
  }
  return runs.slice(from, to);
}
