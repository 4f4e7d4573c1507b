/** Reads the files that a command names, where it is run and not only pasted. */
export interface NamedFiles {
  /** The contents of a file; `-` is standard input. @throws what its host makes of a file that cannot be read */
  read(name: string): Uint8Array;
  /** The path of a file that is read only while it is sent. @throws as `read` */
  pathOf(name: string): string;
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

/** The last piece of a path, of any system. */
export function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
