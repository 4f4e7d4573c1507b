/** The port in what was typed; null for anything that is none. 0: any free one. */
export function portIn(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text.trim()) : NaN;
  return port <= 65_535 ? port : null;
}
