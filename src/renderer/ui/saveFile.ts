export interface NamedFile {
  readonly name: string;
  readonly contents: Blob;
}

/** Hands a file to the user: Electron asks where to put it, a browser downloads it. */
export function saveFile({ name, contents }: NamedFile): void {
  const address = URL.createObjectURL(contents);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the contents once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
