import type { Diagnostic, Place } from '../../shared/diagnostic.ts';
import { frameFlag, type Micros } from '../../shared/words.ts';
import { diagnose, type DiagnosticDetails } from '../diagnostics/catalogue.ts';
import type { Overview } from '../timing/timeBins.ts';
import { DiagnosticList } from './diagnosticList.ts';
import type { FrameIndex } from './frameIndex.ts';

const none: readonly Diagnostic[] = [];

/** The diagnostics of an analysis: those of the frame that comes next wait for it, all others are listed and flagged at once. */
export class FrameFindings {
  list = new DiagnosticList();
  readonly #frames: FrameIndex;
  readonly #overview: Overview;
  readonly #timesKnown: boolean;
  #pending: Diagnostic[] = [];

  constructor(frames: FrameIndex, overview: Overview, timesKnown: boolean) {
    this.#frames = frames;
    this.#overview = overview;
    this.#timesKnown = timesKnown;
  }

  /** Whether a diagnostic of severity error waits for the next frame. */
  get hasPendingError(): boolean {
    return this.#pending.some(({ severity }) => severity === 'error');
  }

  /**
   * A diagnostic of the catalogue.
   * @param belongsToNextFrame it is given the number of the frame that comes next
   * @param micros now, where it is of no frame that is there
   */
  tell(code: string, place: Place, details: DiagnosticDetails, belongsToNextFrame: boolean, micros: Micros): void {
    const diagnostic = diagnose(code, place, details);
    if (belongsToNextFrame || place.frame === this.#frames.count) this.#pending.push(diagnostic);
    else this.add(diagnostic, micros);
  }

  /** Lists a diagnostic that no coming frame takes, at the time of its frame, which gets its flags. */
  add(diagnostic: Diagnostic, micros: Micros): void {
    const { frame } = diagnostic;
    const isOfFrame = frame !== undefined && frame < this.#frames.count;
    this.list.add(diagnostic, isOfFrame ? this.#frames.microsOf(frame) : micros);
    this.#flag(diagnostic);
  }

  /** What waited for frame `n`, which is the next and came at `micros`, is listed as its own. */
  takeFor(n: number, micros: Micros): readonly Diagnostic[] {
    if (this.#pending.length === 0) return none;
    const diagnostics = this.#pending;
    this.#pending = [];
    for (const diagnostic of diagnostics) this.list.add({ ...diagnostic, frame: n }, micros);
    return diagnostics;
  }

  /** No frame comes for what waits. */
  settle(micros: Micros): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const diagnostic of pending) this.add(diagnostic, micros);
  }

  /** What is said of the whole stream stands now: its frames get their flags. */
  flagStated(): void {
    for (const { diagnostic } of this.list.stated) this.#flag(diagnostic);
  }

  /** The nearest frame after or before `from` that a diagnostic points at, listed or not; null where there is none. */
  seek(from: number, direction: 'next' | 'previous'): number | null {
    const flagged = this.#frames.seekFlag(from, direction, frameFlag.hasDiagnostic);
    const listed = this.list.seek(from, direction);
    if (flagged === null || listed === null) return flagged ?? listed;
    return direction === 'next' ? Math.min(flagged, listed) : Math.max(flagged, listed);
  }

  #flag({ frame, severity }: Diagnostic): void {
    if (frame === undefined || frame >= this.#frames.count) return;
    const { kind, flags, micros } = this.#frames.at(frame, (columns, i) => ({
      kind: columns.kind[i] as number,
      flags: columns.flags[i] as number,
      micros: columns.micros[i] as number,
    }));
    const isError = severity === 'error';
    this.#frames.addFlags(frame, isError ? frameFlag.hasDiagnostic | frameFlag.hasError : frameFlag.hasDiagnostic);
    if (isError && this.#timesKnown && (flags & frameFlag.hasError) === 0) {
      this.#overview.addLateError(micros, frame, kind);
    }
  }
}
