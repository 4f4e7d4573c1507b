/** A: the open recording. B: what it is compared with. */
export const sideLetters = { left: 'A', right: 'B' } as const;

export function SideMark({ side }: { readonly side: 'left' | 'right' }) {
  return (
    <span className="ss-side-mark" data-side={side}>
      {sideLetters[side]}
    </span>
  );
}
