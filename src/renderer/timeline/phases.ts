import type { Mark, RecordingDetail } from '../../shared/recording.ts';
import type { MarkName, Micros } from '../../shared/words.ts';

export type PhaseName = 'dns' | 'connect' | 'tls' | 'send' | 'wait' | 'receive' | 'redirect' | 'paused';

/** What the exchange was doing between two marks. */
export interface Phase {
  readonly name: PhaseName;
  readonly fromMicros: Micros;
  /** Null while it lasts. */
  readonly toMicros: Micros | null;
}

/** The phase that a mark completes. */
const endedBy: { readonly [Name in MarkName]?: PhaseName } = {
  dns: 'dns',
  connect: 'connect',
  tunnel: 'connect',
  tls: 'tls',
  'request-sent': 'send',
  headers: 'wait',
  redirect: 'redirect',
};

/** Phases in order, without holes, from t0 to the end or to what still lasts; none where times are unknown. */
export function phasesOf(detail: RecordingDetail): readonly Phase[] {
  const { marks, ending, timesKnown } = detail.exchange;
  if (!timesKnown) return [];
  const phases: Phase[] = [];
  let since: Micros = 0;
  let receiving = false;
  let ended = false;
  for (const mark of [...marks].sort((a, b) => a.atMicros - b.atMicros)) {
    const name = endOf(mark, receiving);
    if (name !== undefined) {
      if (mark.atMicros > since) phases.push({ name, fromMicros: since, toMicros: mark.atMicros });
      since = mark.atMicros;
    }
    if (mark.name === 'headers') receiving = true;
    if (mark.name === 'redirect' || mark.name === 'reconnect') receiving = false;
    if (mark.name === 'end') ended = true;
  }
  if (ended) return phases;
  const lasting: PhaseName = receiving ? 'receive' : 'wait';
  if (detail.summary.state === 'live') return [...phases, { name: lasting, fromMicros: since, toMicros: null }];
  const toMicros = ending?.atMicros ?? detail.timing.lastChunkMicros ?? since;
  return toMicros > since ? [...phases, { name: lasting, fromMicros: since, toMicros }] : phases;
}

function endOf(mark: Mark, receiving: boolean): PhaseName | undefined {
  if (mark.name === 'paused' || mark.name === 'end') return receiving ? 'receive' : 'wait';
  if (mark.name === 'resumed') return 'paused';
  return endedBy[mark.name];
}
