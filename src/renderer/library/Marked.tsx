import { visibleText } from '../ui/visibleText.ts';

interface MarkedProps {
  readonly pieces: readonly { readonly text: string; readonly found: boolean }[];
}

/** Text in which what was searched for stands out. It comes from names and streams: it is shown and nothing else. */
export function Marked({ pieces }: MarkedProps) {
  return pieces.map(({ text, found }, i) =>
    found ? <mark key={i}>{visibleText(text)}</mark> : <span key={i}>{visibleText(text)}</span>,
  );
}
