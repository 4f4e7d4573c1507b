/** `1204` → `1,204`: digits in groups of three, the same in every locale, because sentences are English. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
