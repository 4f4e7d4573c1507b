import type { RecordingDetail } from '../../shared/recording.ts';
import type { MarkName, Micros } from '../../shared/words.ts';
import { reconnectWords } from '../ui/reconnectWords.ts';

export type PhaseName = 'dns' | 'connect' | 'tls' | 'send' | 'wait' | 'receive' | 'redirect' | 'paused' | 'reconnect';

/** What the exchange was doing between two marks. */
export interface Phase {
  readonly name: PhaseName;
  readonly fromMicros: Micros;
  /** Null while it lasts. */
  readonly toMicros: Micros | null;
  /** `reconnect` only: what it led to. */
  readonly label?: string;
}

/** A step that ends a phase: a mark, or the end of a connection that another one follows. */
interface Step {
  readonly name: MarkName | 'connection-end';
  readonly atMicros: Micros;
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
  const { marks, ending, timesKnown, reconnections = [] } = detail.exchange;
  if (!timesKnown) return [];
  const phases: Phase[] = [];
  let since: Micros = 0;
  let receiving = false;
  let ended = false;
  let waits = false;
  let connection = 0;
  const ends = reconnections.map<Step>(({ after }) => ({ name: 'connection-end', atMicros: after.atMicros }));
  for (const mark of [...marks, ...ends].sort((a, b) => a.atMicros - b.atMicros)) {
    const name = waits ? 'reconnect' : endOf(mark, receiving);
    const reconnection = reconnections[connection];
    const label = waits && reconnection !== undefined ? { label: reconnectWords(reconnection, detail.exchange) } : {};
    if (name !== undefined) {
      if (mark.atMicros > since) phases.push({ name, fromMicros: since, toMicros: mark.atMicros, ...label });
      since = mark.atMicros;
    }
    if (waits) connection++;
    waits = mark.name === 'connection-end';
    if (waits) receiving = false;
    if (mark.name === 'headers') receiving = true;
    if (mark.name === 'redirect' || mark.name === 'reconnect') receiving = false;
    if (mark.name === 'end') ended = true;
  }
  if (ended) return phases;
  const lasting: PhaseName = waits ? 'reconnect' : receiving ? 'receive' : 'wait';
  if (detail.summary.state === 'live') return [...phases, { name: lasting, fromMicros: since, toMicros: null }];
  const toMicros = ending?.atMicros ?? detail.timing.lastChunkMicros ?? since;
  return toMicros > since ? [...phases, { name: lasting, fromMicros: since, toMicros }] : phases;
}

function endOf(mark: Step, receiving: boolean): PhaseName | undefined {
  if (mark.name === 'connection-end' || mark.name === 'paused' || mark.name === 'end')
    return receiving ? 'receive' : 'wait';
  if (mark.name === 'resumed') return 'paused';
  return endedBy[mark.name];
}
