import { rounded } from './content/times.ts';
import { seededRandom } from './random.ts';
import { type MockStep, textStep } from './step.ts';

const stages = [
  { stage: 'collect', doing: 'Reading orders of', share: 0.25 },
  { stage: 'clean', doing: 'Removing duplicates in', share: 0.2 },
  { stage: 'convert', doing: 'Converting prices of', share: 0.35 },
  { stage: 'publish', doing: 'Publishing', share: 0.2 },
] as const;
const regions = ['Zürich', 'São Paulo', 'Göteborg', '東京', 'Lagos', 'Łódź', 'Portland', 'Αθήνα'] as const;

type Stage = (typeof stages)[number];

/** In which stage a step of `n` is. */
function stageOf(index: number, n: number): Stage {
  let until = 0;
  for (const stage of stages) {
    until += stage.share * n;
    if (index < until) return stage;
  }
  return stages[stages.length - 1] ?? stages[0];
}

/** What a task of `n` steps says of itself: after each step, and when it is done. */
export function taskAnnouncements(seed: number, n: number) {
  const taskOf = `task_${seededRandom(seed).below(0xffff_ffff).toString(36).padStart(7, '0')}`;
  return {
    taskId: taskOf,
    /** @param index counts from 0 */
    progress: (index: number) => {
      const { stage, doing } = stageOf(index, n);
      return {
        taskId: taskOf,
        percent: Math.floor(((index + 1) / n) * 100),
        inStage: stage,
        message: `${doing} ${seededRandom(seed, index).pick(regions)} …`,
      };
    },
    done: () => ({
      taskId: taskOf,
      result: { report: `/exports/${taskOf}.csv`, size: 20_000 + seededRandom(seed, 1).below(900_000) },
    }),
  };
}

export interface TaskScript {
  readonly n: number;
  readonly delayMs: number;
  readonly seed: number;
  readonly includeMetadata: boolean;
  readonly error: 'none' | 'middle';
}

const slowest = 2.6;

/**
 * NDJSON of a long task: what it is about to do, its progress, then its result or why it has none. Steps take
 * differently long, as steps do.
 */
export function* longTask(script: TaskScript): Generator<MockStep, void, undefined> {
  const { n, delayMs, seed, includeMetadata, error } = script;
  const line = (delayMillis: number, record: object) => textStep(delayMillis, `${JSON.stringify(record)}\n`);
  const { taskId, progress, done } = taskAnnouncements(seed, n);
  if (includeMetadata) {
    const planned = stages.map(({ stage }) => stage);
    yield line(0, { type: 'start', taskId, steps: n, stages: planned });
  }
  const failsAfter = error === 'none' ? -1 : Math.ceil(n / 2);
  for (let index = 0; index < n; index++) {
    const share = rounded(0.2 + seededRandom(seed, 2 * n + index).fraction() * (slowest - 1), 3);
    yield line(delayMs * share, { type: 'progress', ...progress(index) });
    if (index + 1 !== failsAfter) continue;
    const message = 'The step failed: the exchange rates of yesterday are not there yet.';
    yield line(0, { type: 'error', taskId, error: { code: 'STEP_FAILED', message, retryable: true } });
    return;
  }
  yield line(0, { type: 'complete', ...done() });
}
