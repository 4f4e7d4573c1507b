import { readFileSync } from 'node:fs';
import { UsageError } from './exitCodes.ts';

/** The bytes of a file that an option names; `-` is standard input. @throws UsageError when it cannot be read */
export function bytesOfFile(file: string, option: string): Uint8Array {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${option} cannot read ${file}: ${reason}.`, { cause: error });
  }
}

/** A file of text in UTF-8. @throws UsageError when it is none or cannot be read */
export function textOfFile(file: string, option: string): string {
  const text = exactText(bytesOfFile(file, option));
  if (text === null) throw new UsageError(`${option}: ${file} is not text in UTF-8.`);
  return text;
}

const exactUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text that encodes to the same bytes again; null where there is none. */
export function exactText(bytes: Uint8Array): string | null {
  try {
    return exactUtf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
