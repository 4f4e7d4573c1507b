/** An offset as a person types it: `15402`, `15,402` or `0x3c2a`; null for anything else. */
export function parseOffset(text: string): number | null {
  const plain = text.trim().replace(/[,_\s]/g, '');
  const offset = /^0x[0-9a-f]+$/i.test(plain) ? parseInt(plain, 16) : /^\d+$/.test(plain) ? Number(plain) : NaN;
  return Number.isSafeInteger(offset) ? offset : null;
}
