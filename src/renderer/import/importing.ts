import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import { FailureError, type Failure } from '../../shared/failure.ts';
import { isCancelled } from '../state/failureOf.ts';
import { notify } from '../state/notices.ts';
import { formatCount } from '../ui/format.ts';
import { viewActions } from '../state/view.ts';
import { importFile } from './importFile.ts';

/** A file on its way in. */
export interface Importing {
  readonly key: number;
  readonly name: string;
  /** Null for a file that the host reads by itself: how far it is, is not told. */
  readonly progress: { readonly receivedBytes: number; readonly sizeBytes: number } | null;
  readonly failure: Failure | null;
  readonly cancel: (() => void) | null;
  readonly again: (() => void) | null;
}

export const useImporting = create<{ readonly imports: readonly Importing[] }>()(() => ({ imports: [] }));
let nextKey = 1;

function patch(key: number, change: Partial<Importing>): void {
  useImporting.setState(({ imports }) => ({
    imports: imports.map((each) => (each.key === key ? { ...each, ...change } : each)),
  }));
}

export function dismissImport(key: number): void {
  useImporting.setState(({ imports }) => ({ imports: imports.filter((each) => each.key !== key) }));
}

/** The browser's own error for a file that cannot be read, as a failure for a person. */
function unreadable(file: File, error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  if (!(error instanceof DOMException)) throw error;
  return {
    code: 'import/unreadable',
    message: `“${file.name}” could not be read: ${error.message} It may have been moved, or be a folder. Choose it again.`,
    retry: true,
  };
}

/** Brings a file in and opens what it became. */
async function bringIn(engine: EngineClient, file: File): Promise<void> {
  const controller = new AbortController();
  const key = nextKey++;
  const importing: Importing = {
    key,
    name: file.name,
    progress: { receivedBytes: 0, sizeBytes: file.size },
    failure: null,
    cancel: () => controller.abort(),
    again: null,
  };
  useImporting.setState(({ imports }) => ({ imports: [...imports, importing] }));
  const progressed = (receivedBytes: number): void => patch(key, { progress: { receivedBytes, sizeBytes: file.size } });
  try {
    const ids = await importFile(engine, file, progressed, controller.signal);
    dismissImport(key);
    if (ids.length > 1)
      notify({ tone: 'info', text: `${formatCount(ids.length)} recordings came out of “${file.name}”.` });
    if (ids[0] !== undefined) viewActions.openRecording(ids[0]);
  } catch (error) {
    if (controller.signal.aborted || isCancelled(error)) {
      dismissImport(key);
      return;
    }
    const again = (): void => {
      dismissImport(key);
      void bringIn(engine, file);
    };
    patch(key, { failure: unreadable(file, error), cancel: null, again });
  }
}

/** Brings files in one after the other; the last one stays open. */
export async function bringInAll(engine: EngineClient, files: readonly File[]): Promise<void> {
  for (const file of files) await bringIn(engine, file);
}

/** Shows how the host fares with a file it reads by itself. */
export function hostImport(name: string): { fail(failure: Failure): void; done(): void } {
  const key = nextKey++;
  const first: Importing = { key, name, progress: null, failure: null, cancel: null, again: null };
  useImporting.setState(({ imports }) => ({ imports: [...imports, first] }));
  return {
    fail: (failure) => patch(key, { failure }),
    done: () => dismissImport(key),
  };
}
