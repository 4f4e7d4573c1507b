import { failed, type Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { sqliteResult, sqliteResultCode } from './sqlite.ts';

const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT']);
const deniedCodes: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'EBUSY', 'ENOTDIR', 'ENOENT']);

function systemCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Marks what was found wrong with a file's content; becomes `recording/damaged` at the store's edge. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/**
 * An error of writing as a failure, `place` being what could not be written. Errors that no disk causes are bugs and
 * are thrown on.
 */
export function writeFailure(error: unknown, place: string): Failure {
  const code = sqliteResultCode(error);
  if (code === sqliteResult.full || fullCodes.has(systemCode(error))) {
    return {
      code: 'store/disk-full',
      message: `The disk is full: ${place} could not be written. What was kept before stays. Free some space and try again.`,
      retry: true,
    };
  }
  if (code === sqliteResult.busy || code === sqliteResult.locked) {
    return {
      code: 'store/unwritable',
      message: `${place} is in use by another program for too long. Close that program, or try again.`,
      retry: true,
    };
  }
  if (code === sqliteResult.corrupt || code === sqliteResult.notADatabase || error instanceof DamagedFileError) {
    return { code: 'recording/damaged', message: `${place} is damaged: ${reasonOf(error)}.` };
  }
  if (code !== undefined || deniedCodes.has(systemCode(error))) {
    return {
      code: 'store/unwritable',
      message: `${place} could not be written: ${reasonOf(error)}. Check that the folder exists, that you may write there and that the disk is sound.`,
    };
  }
  throw error;
}

/** An error of reading a recording's file as a failure. Errors that no file causes are bugs and are thrown on. */
export function readFailure(error: unknown, id: RecordingId, where: string): Failure {
  const code = sqliteResultCode(error);
  if (code === sqliteResult.busy || code === sqliteResult.locked) {
    return {
      code: 'store/unwritable',
      message: `Recording ${id} is locked by another program for too long. Close that program, or try again.`,
      retry: true,
    };
  }
  // The driver's own code for an integer beyond 2^53: none of ours writes one.
  const oversizeInteger = systemCode(error) === 'ERR_OUT_OF_RANGE';
  if (code !== undefined || oversizeInteger || error instanceof DamagedFileError) {
    return {
      code: 'recording/damaged',
      message: `Recording ${id} is damaged ${where}: ${reasonOf(error)}. Other recordings are not concerned; if you have a copy of this one, put it in its place.`,
      data: { where },
    };
  }
  if (typeof systemCode(error) === 'string') {
    return {
      code: 'recording/damaged',
      message: `Recording ${id} cannot be read ${where}: ${reasonOf(error)}.`,
      data: { where },
    };
  }
  throw error;
}

export function notFound(id: RecordingId) {
  return failed({
    code: 'recording/not-found',
    message: `There is no recording ${id} here. It may have been deleted, or be in another folder.`,
  });
}

export function newerVersion(what: string, version: number, known: number) {
  return failed({
    code: 'recording/newer-version',
    message: `${what} was made by a newer Streamscope (format ${String(version)}; this one knows ${String(known)}). Update Streamscope to open it.`,
    data: { version, known },
  });
}
