/** Electron keeps its three newest major versions alive; when this was built the newest was the pinned one. */
const oldestAliveMajor = 43;

/** What to tell a user who runs on an Electron that no longer gets security fixes; undefined for one that does. */
export function endOfLifeNotice(electronVersion: string): string | undefined {
  const major = Number.parseInt(electronVersion, 10);
  if (!(major < oldestAliveMajor)) return undefined;
  return `This window runs on Electron ${electronVersion}, which no longer gets security fixes. It is good for development and tests; for daily use install the packaged Streamscope.`;
}
