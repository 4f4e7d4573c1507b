import type { Diagnostic } from '../../../shared/diagnostic.ts';
import { grouped } from '../../../shared/grouped.ts';
import { prettyDiagnostic } from './prettyLines.ts';
import type { Palette } from './terminal.ts';

/** Frames after which what was said beside the first of them is out of sight. */
export const framesInSight = 40;
const findingsAtMost = 12;

/**
 * What was found in frames, at the end: errors and warnings with the numbers of their frames, the worst first. Of few
 * frames only what was found after its frame had been printed; where they are too many to look through, all of it again.
 * @param wasSaid it stands beside its frame already
 */
export function prettyFindings(
  diagnostics: readonly Diagnostic[],
  frames: number,
  wasSaid: (diagnostic: Diagnostic) => boolean,
  colours: Palette,
): string {
  const areInSight = frames <= framesInSight;
  const placed = diagnostics.filter(
    (diagnostic) =>
      diagnostic.frame !== undefined && diagnostic.severity !== 'info' && !(areInSight && wasSaid(diagnostic)),
  );
  const sorted = placed.sort((a, b) => Number(b.severity === 'error') - Number(a.severity === 'error'));
  const lines = sorted.slice(0, findingsAtMost).map((diagnostic) => {
    const frame = colours.dim(`(frame ${grouped((diagnostic.frame ?? 0) + 1)})`);
    return `${prettyDiagnostic(diagnostic, colours)} ${frame}`;
  });
  const left = sorted.length - findingsAtMost;
  if (left > 0) lines.push(`     … ${grouped(left)} more: --output summary lists them`);
  return lines.map((line) => `${line}\n`).join('');
}
