import { fstatSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RequestSpec } from '../../../shared/request.ts';
import type { RecordingId } from '../../../shared/words.ts';

/** What a target of the command line turned out to be. */
export type Target =
  | {
      readonly kind: 'request';
      readonly name: string;
      readonly request: RequestSpec;
      /** What of a pasted command could not be carried over, for a person. */
      readonly notes?: readonly string[];
    }
  /** Bytes from standard input (`path` null) or a path; `timed`: they come as they are made, so their times count. */
  | {
      readonly kind: 'bytes';
      readonly name: string;
      readonly path: string | null;
      readonly timed: boolean;
      readonly isNamedPipe?: boolean;
    }
  | { readonly kind: 'recording'; readonly name: string; readonly id: RecordingId }
  | { readonly kind: 'nothing'; readonly name: string; readonly why: string };

const recordingId = /^\d{8}-\d{6}-[\da-f]{6}$/;
const standardInput = new Set(['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0']);
/** Who names one of these means a file, not a host. */
const looksLikeFile = /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/])|\.(?:sse|ndjson|jsonl|json|txt|har|log|bin|gz)$/i;

/**
 * A URL has a scheme; everything else is a file, a pipe or the id of a recording. What is none of them is taken for a
 * URL, so that the answer can say what is missing in it.
 * @param timed standard input comes as it is made
 */
export async function resolveTarget(
  name: string,
  timed: boolean,
  requestOf: (url: string) => RequestSpec,
): Promise<Target> {
  if (name === '-') return { kind: 'bytes', name, path: null, timed };
  if (standardInput.has(name)) return { kind: 'bytes', name, path: null, timed: timed || !fstatSync(0).isFile() };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name) || name.includes('{{'))
    return { kind: 'request', name, request: requestOf(name) };
  const found = await statOf(name);
  if (found === 'missing') {
    if (recordingId.test(name)) return { kind: 'recording', name, id: name };
    if (looksLikeFile.test(name)) return { kind: 'nothing', name, why: `There is no file ${name}.` };
    return { kind: 'request', name, request: requestOf(name) };
  }
  if (typeof found === 'string') return { kind: 'nothing', name, why: `${name} cannot be read: ${found}.` };
  if (found.isDirectory()) return { kind: 'nothing', name, why: `${name} is a folder, not a file.` };
  if (found.isSocket()) {
    const why = `${name} is a Unix socket: open it with --unix-socket ${name} and the address to ask for.`;
    return { kind: 'nothing', name, why };
  }
  return { kind: 'bytes', name, path: name, timed: !found.isFile(), isNamedPipe: found.isFIFO() };
}

async function statOf(name: string): Promise<Stats | string> {
  try {
    return await stat(name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' ? 'missing' : message;
  }
}
