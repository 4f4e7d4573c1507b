import type { Ending, Reconnection } from '../../../shared/recording.ts';
import { defaultLimits } from '../../../shared/limits.ts';
import type { Framing } from '../../../shared/words.ts';
import type { DialectReader } from '../../../engine/dialects/reader.ts';
import { wantsEstimate } from '../../../engine/timing/tokenMetrics.ts';
import { EventLoopWatch } from '../../instrument/eventLoopWatch.ts';
import { tokenCounter } from '../../instrument/tokenizer.ts';
import { Inspection, type InspectedFrame } from './inspection.ts';
import { openTarget, type Flow, type OpenOptions, type OpenedTarget } from './openTarget.ts';
import { summaryLine, type SummaryLine } from './summaryLine.ts';
import type { Target } from './targets.ts';

export interface InspectTargetOptions extends OpenOptions {
  readonly framing: Framing | null;
  readonly jsonPath: string | null;
  readonly dialect: string | null;
  readonly maxFrames: number | null;
  readonly maxBytes: number | null;
}

/** Hears of a target while it comes. */
export interface TargetListener {
  frame(inspected: InspectedFrame): void;
  body(bytes: Uint8Array): void;
  /** Another connection of the same stream follows. */
  reconnecting(reconnection: Reconnection): void;
}

/** What came of a target: how it ended, or why it could not be opened. */
export type InspectedTarget =
  | {
      readonly opened: true;
      readonly inspection: Inspection;
      readonly ending: Ending;
      readonly summary: SummaryLine;
      /** It stopped where the user wanted it to stop. */
      readonly stoppedAsAsked: boolean;
    }
  | { readonly opened: false; readonly why: string };

/** Opens one target and goes through it to its end. */
export async function inspectTarget(
  target: Target,
  listener: TargetListener,
  flow: Flow,
  options: InspectTargetOptions,
  signal: AbortSignal,
): Promise<InspectedTarget> {
  const maxFrames = options.maxFrames ?? maxFramesOf(target) ?? null;
  const maxBytes = options.maxBytes ?? (target.kind === 'request' ? (target.request.options.maxBytes ?? null) : null);
  const watch = new EventLoopWatch().watch();
  let ending: Ending | undefined;
  const stopping: { opened?: OpenedTarget } = {};
  const isTimedHere = target.kind === 'request' || (target.kind === 'bytes' && target.timed);
  const inspection = new Inspection(
    {
      request: target.kind === 'request' ? target.request : null,
      framing: options.framing,
      jsonPath: options.jsonPath,
      dialect: options.dialect,
      maxFrames,
      maxBytes: target.kind === 'request' ? null : maxBytes,
      limits: defaultLimits,
      // How exact the times of a recording are, only who recorded it knew.
      uncertaintyMicros: () => (isTimedHere ? watch.largest() : null),
    },
    {
      frame: (inspected) => {
        listener.frame(inspected);
      },
      body: (bytes) => {
        listener.body(bytes);
      },
      reconnecting: (reconnection) => {
        listener.reconnecting(reconnection);
      },
      enough: (limit, value) => {
        stopping.opened?.stop({ by: 'limit', limit, value });
      },
      cut: (frames) => {
        stopping.opened?.stop({ by: 'lab', frames });
      },
      ended: (how) => {
        ending = how;
      },
    },
  );
  const opened = openTarget(target, inspection, flow, options, signal);
  stopping.opened = opened;
  const why = await opened.done;
  watch.stop();
  await flow.drained();
  if (why !== null) return { opened: false, why };
  if (ending === undefined) throw new Error('a target was opened and never ended');
  const counter = wantsTokenCounter(inspection.analysis.dialect) ? await tokenCounter() : null;
  const summary = summaryLine(target.name, inspection, ending, counter);
  const stoppedAsAsked =
    (ending.code === 'end/limit' && maxFrames !== null && inspection.analysis.frames.count >= maxFrames) ||
    (ending.code === 'end/byte-limit' && maxBytes !== null && inspection.wireBytes >= maxBytes);
  return { opened: true, inspection, ending, summary, stoppedAsAsked };
}

/** Tokens are estimated only where the provider does not count them. */
function wantsTokenCounter(reader: DialectReader | undefined): boolean {
  if (reader?.decision === undefined || reader.decision === null) return false;
  return wantsEstimate(reader.message);
}

function maxFramesOf(target: Target): number | undefined {
  return target.kind === 'request' ? target.request.options.maxFrames : undefined;
}
