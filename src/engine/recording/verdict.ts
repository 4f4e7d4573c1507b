import { grouped } from '../../shared/grouped.ts';
import type { ReconnectPlan } from '../../shared/request.ts';
import { decideReconnect } from '../reconnect/reconnectPolicy.ts';
import type { ContentTimes, Ending, KeyTimes, Reconnection, RecordingCounts, Verdict } from '../../shared/recording.ts';
import type { EndingKind, Micros, RecordingState } from '../../shared/words.ts';

const word: Readonly<Record<EndingKind, string>> = {
  complete: 'Complete',
  cut: 'Cut',
  invalid: 'Invalid',
  timeout: 'Timed out',
  refused: 'Refused',
  stopped: 'Stopped',
  'failed-local': 'Failed here',
};

const silenceWorthTelling: Micros = 1_000_000;

export interface VerdictFacts {
  readonly state: RecordingState;
  readonly ending: Ending | null;
  readonly status: number | null;
  readonly counts: RecordingCounts;
  readonly times: KeyTimes;
  /** Of a token stream; null or absent: it is none. */
  readonly contentTimes?: ContentTimes | null;
  readonly longestStallMicros: Micros | null;
  /** The last frame is an unterminated tail. */
  readonly unfinishedFrame: boolean;
  readonly importedFrom: string | null;
  /** Connections after the first, and the request's plan for them; absent: none. */
  readonly reconnections?: readonly Reconnection[];
  readonly reconnect?: ReconnectPlan;
  /** How often a diagnostic was found; absent: none was. */
  readonly found?: (code: string) => number;
}

/** How it went, in a word and a sentence. Never "complete" for what was cut, never without saying what is wrong. */
export function verdictOf(facts: VerdictFacts): Verdict {
  const { counts, times, ending } = facts;
  if (facts.state === 'live') {
    const isWaiting = facts.reconnections?.at(-1)?.atMicros === null;
    const sentence = isWaiting ? 'Waiting to connect again.' : counts.chunks === 0 ? waitingFor(times) : '';
    return { tone: 'live', word: 'Live', sentence };
  }
  if (ending === null) {
    return {
      tone: 'bad',
      word: 'Interrupted',
      sentence: `Recording broke off after ${amount(counts)}${lastHeard(times)}: the program that recorded it ended. Everything up to there was kept.`,
    };
  }
  const parts = [sentenceOf(facts, ending)];
  if (facts.status !== null && facts.status >= 400)
    parts.push(`The server answered with status ${String(facts.status)}.`);
  const silence = lastSilenceSentence(facts, ending);
  if (silence !== null) parts.push(silence);
  if ((facts.found?.('end/decoding-limit') ?? 0) > 0) {
    parts.push('Decoding stopped at a limit: what follows is kept as it came.');
  }
  const again = reconnectSentence(facts, ending);
  if (again !== null) parts.push(again);
  const resumed = labSentence(facts);
  if (resumed !== null) parts.push(resumed);
  if (counts.diagnostics.error > 0) parts.push(`${plural(counts.diagnostics.error, 'error')} found in the stream.`);
  const stall = stallSentence(counts.stalls, facts.longestStallMicros);
  if (stall !== null) parts.push(stall);
  return {
    tone: toneOf(facts, ending),
    word: word[ending.kind],
    sentence: withoutWord(parts.join(' '), word[ending.kind]),
  };
}

/** The sentence without the word that stands before it: not “Stopped: Stopped by you”. */
function withoutWord(sentence: string, said: string): string {
  const rest = sentence.startsWith(said) ? /^:? ([^]+)$/.exec(sentence.slice(said.length))?.[1] : undefined;
  return rest ?? sentence;
}

function toneOf(facts: VerdictFacts, ending: Ending): Verdict['tone'] {
  if (ending.kind === 'stopped') return 'neutral';
  if (ending.kind !== 'complete') return 'bad';
  if (facts.counts.diagnostics.error > 0 || (facts.status !== null && facts.status >= 400)) return 'bad';
  if (cutConnections(facts) > 0) return 'warning';
  if (facts.counts.stalls > 0 || facts.counts.diagnostics.warning > 0) return 'warning';
  return 'good';
}

function sentenceOf(facts: VerdictFacts, ending: Ending): string {
  const { counts, times } = facts;
  if (ending.kind === 'refused') return ending.message;
  if (ending.kind !== 'complete') {
    const isUnfinished = facts.unfinishedFrame && counts.frames > 0;
    const got = isUnfinished ? plural(counts.frames - 1, 'frame') : amount(counts);
    const place = isUnfinished ? `, in the middle of frame ${grouped(counts.frames)}` : '';
    // A message that says more than one thing would have the place said of its last.
    if (/[.:] /.test(ending.message)) return `${stripped(ending.message)}. It ended after ${got}${place}.`;
    return `${stripped(ending.message)} after ${got}${place}.`;
  }
  const lasted = times.endMicros === null ? '' : ` in ${duration(times.endMicros)}`;
  const first = firstSentence(facts);
  const doubt = ending.code === 'end/complete' || facts.importedFrom !== null ? '' : ` ${ending.message}`;
  if (counts.bodyBytes === 0) {
    const after = times.endMicros === null ? '' : `; it ended after ${duration(times.endMicros)}`;
    return `The answer has no body${after}.${doubt}`;
  }
  return `${amount(counts)}${lasted}${first}.${doubt}`;
}

/** A token stream is judged by its first token: frames before it say nothing yet. */
function firstSentence({ times, contentTimes }: VerdictFacts): string {
  const token = contentTimes?.ttftMicros ?? null;
  if (token !== null) return `, first token after ${duration(token)}`;
  return times.firstFrameMicros === null ? '' : `, first after ${duration(times.firstFrameMicros)}`;
}

/** Connections before the last that were lost, but for the lab's own cut. */
function cutConnections({ reconnections = [] }: VerdictFacts): number {
  return reconnections.filter((one) => one.after.kind !== 'complete' && !isLabCut(one)).length;
}

function reconnectSentence(facts: VerdictFacts, ending: Ending): string | null {
  const { reconnections = [], reconnect } = facts;
  if (reconnections.length === 0) return null;
  const begun = reconnections.filter(({ atMicros }) => atMicros !== null).length;
  const lost = cutConnections(facts);
  const why = lost === 0 ? '' : ` after ${plural(lost, 'lost connection')}`;
  const waited = begun < reconnections.length ? ', and stopped while waiting to connect again' : '';
  const again = begun === 1 ? 'Connected again once' : `Connected again ${grouped(begun)} times`;
  const isUsedUp = reconnect !== undefined && begun === reconnect.attempts && wouldGoOn(facts, ending, reconnect);
  const usedUp = isUsedUp ? ` No more than ${plural(begun, 'attempt')} ${begun === 1 ? 'was' : 'were'} allowed.` : '';
  return begun === 0 ? 'Stopped while waiting to connect again.' : `${again}${why}${waited}.${usedUp}`;
}

/** Another attempt, were one allowed, would have followed. */
function wouldGoOn({ reconnections = [] }: VerdictFacts, ending: Ending, plan: ReconnectPlan): boolean {
  const head = reconnections.at(-1)?.head ?? null;
  const state = { used: 0, unanswered: 0, retryMillis: null, wasLabCut: reconnections.some(isLabCut) };
  return decideReconnect({ ...plan, attempts: 1 }, { ending, head }, state).kind === 'again';
}

/** What the reconnect lab asks: does the server resume? */
function labSentence({ reconnections = [], found = () => 0 }: VerdictFacts): string | null {
  const cut = reconnections.findIndex(isLabCut);
  if (cut < 0 || reconnections.slice(cut).every(({ head }) => head === null)) return null;
  if (found('reconnect/not-resumed') > 0) return 'The server did not resume: it started over.';
  const repeated = found('reconnect/duplicates') > 0 ? ['repeated frames'] : [];
  const leftOut = found('reconnect/hole') > 0 ? ['left frames out'] : [];
  const faults = [...repeated, ...leftOut].join(' and ');
  if (faults !== '') return `The server did not resume where it was asked to: it ${faults}.`;
  if (found('reconnect/refused') > 0) return 'The server did not resume: its answer forbids to connect again.';
  if (found('reconnect/resumed') > 0) return 'The server resumed: it went on after the cut.';
  if (found('reconnect/no-position') > 0) {
    return 'Whether the server resumes is unknown: nothing before the cut had an id to go on from.';
  }
  return 'Nothing came after the cut that tells whether the server resumes.';
}

function isLabCut({ after }: Reconnection): boolean {
  return after.code === 'end/lab-cut';
}

function stallSentence(stalls: number, longestMicros: Micros | null): string | null {
  if (stalls === 0) return null;
  const longest = longestMicros === null ? '' : duration(longestMicros);
  return stalls === 1 ? `One stall of ${longest}.` : `${grouped(stalls)} stalls, the longest ${longest}.`;
}

/** What was given up, or lost, while nothing came. */
function lastSilenceSentence({ times, counts }: VerdictFacts, ending: Ending): string | null {
  const { lastChunkMicros, endMicros } = times;
  if (ending.kind === 'complete' || ending.kind === 'refused' || counts.frames === 0) return null;
  if (lastChunkMicros === null || endMicros === null || endMicros - lastChunkMicros < silenceWorthTelling) return null;
  return `Nothing had come for ${duration(endMicros - lastChunkMicros)}.`;
}

function waitingFor(times: KeyTimes): string {
  return times.headersMicros === null ? 'Waiting for the answer.' : 'Waiting for the first byte.';
}

function lastHeard(times: KeyTimes): string {
  return times.lastChunkMicros === null ? '' : `, last heard of ${duration(times.lastChunkMicros)} in`;
}

function amount(counts: RecordingCounts): string {
  return counts.frames === 0 && counts.bodyBytes > 0
    ? plural(counts.bodyBytes, 'byte')
    : plural(counts.frames, 'frame');
}

function stripped(message: string): string {
  return message.replace(/\.$/, '');
}

function plural(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `412 ms`, `12.4 s`, `3 min 12 s`. */
export function duration(micros: Micros): string {
  if (micros < 1_000) return `${String(micros)} µs`;
  if (micros < 10_000) return `${(micros / 1_000).toFixed(1)} ms`;
  if (micros < 999_500) return `${(micros / 1_000).toFixed(0)} ms`;
  if (micros < 9_995_000) return `${(micros / 1e6).toFixed(2)} s`;
  if (micros < 99_950_000) return `${(micros / 1e6).toFixed(1)} s`;
  const seconds = Math.round(micros / 1e6);
  if (seconds < 3_600) return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  return `${String(Math.floor(seconds / 3_600))} h ${String(Math.floor((seconds % 3_600) / 60))} min`;
}
