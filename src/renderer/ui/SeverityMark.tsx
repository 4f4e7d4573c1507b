import { CircleX, Info, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { Severity } from '../../shared/words.ts';

const marks: Readonly<Record<Severity, LucideIcon>> = { error: CircleX, warning: TriangleAlert, info: Info };
const words: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', info: 'Note' };

/** A severity by colour and by shape. */
export function SeverityMark({ severity, size = 14 }: { readonly severity: Severity; readonly size?: number }) {
  const Icon = marks[severity];
  return <Icon size={size} className={`ss-tone-${severity}`} role="img" aria-label={words[severity]} />;
}
