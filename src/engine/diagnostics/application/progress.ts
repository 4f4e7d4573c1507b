import { isObject, type JsonObject } from './payload.ts';

/** How far a stream says it is. `percent` has the total 100. */
export interface SaidProgress {
  readonly unit: 'records' | 'percent';
  readonly field: string;
  readonly done: number;
  readonly total: number;
  /** The stream counts to 1 and not to 100. */
  readonly isShare: boolean;
}

const percentKeys = ['percent', 'percentage', 'progress'];
const doneKeys = ['processed', 'completed', 'current', 'done', 'loaded'];
/** What tells the progress of one thing from that of another. */
const subjectKeys = ['id', 'taskId', 'task_id', 'jobId', 'job_id', 'task', 'job', 'phase', 'stage', 'step', 'status'];
const moreSubjectKeys = ['name', 'file', 'filename', 'digest', 'layer', 'item', 'operation', 'key'];
const rememberedSubjects = 64;

/**
 * The progress in a record; null where there is none. A share between 0 and 1 is percent too.
 * @param sharesBefore the stream was seen to count to 1, so that 1 is all and not one percent
 */
export function saidProgress(record: JsonObject, sharesBefore: boolean): SaidProgress | null {
  for (const level of [record, record['progress'], record['data']].filter(isObject)) {
    const total = level['total'];
    for (const field of doneKeys) {
      const done = level[field];
      if (isAmount(done) && isAmount(total) && total > 0)
        return { unit: 'records', field, done, total, isShare: false };
    }
    for (const field of percentKeys) {
      const percent = level[field];
      if (!isAmount(percent) || percent > 100) continue;
      const isShare = percent <= 1 && (sharesBefore || !Number.isInteger(percent));
      return { unit: 'percent', field, done: isShare ? percent * 100 : percent, total: 100, isShare };
    }
  }
  return null;
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Follows progress that a stream reports, of each thing that it reports of. */
export class ProgressFollower {
  readonly #last = new Map<string, SaidProgress>();

  /** Answers with the progress before where this one goes back behind it. */
  take(said: SaidProgress, record: JsonObject): SaidProgress | undefined {
    const subject = subjectOf(said, record);
    const before = this.#last.get(subject);
    this.#last.delete(subject);
    this.#last.set(subject, said);
    const oldest = this.#last.keys().next();
    if (this.#last.size > rememberedSubjects && oldest.done !== true) this.#last.delete(oldest.value);
    if (before === undefined || said.done >= before.done || said.total !== before.total) return undefined;
    // After everything was done, a new round begins.
    return before.done >= before.total ? undefined : before;
  }
}

function subjectOf(said: SaidProgress, record: JsonObject): string {
  const parts: unknown[] = [said.field];
  for (const level of [record, record['progress'], record['data']].filter(isObject)) {
    for (const key of [...subjectKeys, ...moreSubjectKeys]) {
      const value = level[key];
      if (typeof value === 'string' || typeof value === 'number') parts.push(key, value);
    }
  }
  return JSON.stringify(parts);
}
