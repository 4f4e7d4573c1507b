import { compareJson } from '../../engine/recording/compare/jsonDifference.ts';
import { compareMessageTexts } from '../../engine/recording/compare/messageTexts.ts';
import { FrameComparison } from '../../engine/recording/compare/frameComparison.ts';
import type { ComparedBody } from '../../engine/recording/compare/frameContents.ts';
import { PairingRows } from '../../engine/recording/compare/pairingRows.ts';
import type { Assembly } from '../../engine/dialects/assemble.ts';
import type { Analysis } from '../../engine/recording/analysis.ts';
import type { Input } from '../../shared/calls.ts';
import {
  type ComparedFrames,
  type ComparedJson,
  type ComparedMessage,
  type RecordingComparison,
  type TextRun,
} from '../../shared/compare.ts';
import type { Limits } from '../../shared/limits.ts';
import type { RecordingId } from '../../shared/words.ts';
import { comparedRows } from './comparedRows.ts';
import { compareRecordings } from './compareRecordings.ts';
import { frameJson } from './frameJson.ts';
import { messageReader } from './messages.ts';
import { framingOf, type OpenedRecording } from './openedRecording.ts';

const sliceMillis = 8;
/** Comparisons whose results are kept for the parts that are pulled of them. */
const keptAtMost = 4;
const runsAtOnce = 2_000;
const unitsAtOnce = 262_144;

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
    const { left, right, criterion, onlyDifferent, from } = input;
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
    const columns = comparedRows(this.#get(left), this.#get(right), rows, input, this.#limits);
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
    const a = frameJson(this.#get(left), leftFrame, this.#limits);
    const b = frameJson(this.#get(right), rightFrame, this.#limits);
    const note = a.note ?? b.note;
    if (note !== null) return { note, differences: [], total: 0 };
    return { note: null, ...compareJson(a.value, b.value, new Set(ignore)) };
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
