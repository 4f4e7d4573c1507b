import type { Diagnostic } from '../../shared/diagnostic.ts';
import type { SeverityCounts } from '../../shared/recording.ts';
import type { Micros, Severity } from '../../shared/words.ts';

/** Diagnostics of one code that are kept; more are counted, and the list says so. */
const keptPerCode = 1_000;

/** A diagnostic with the time of its frame, for the timeline's flags. */
export interface PlacedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly micros: Micros;
}

/** The diagnostics of one recording, in stream order, bounded for each code so that one fault cannot hide another. */
export class DiagnosticList {
  readonly #items: PlacedDiagnostic[] = [];
  /** Findings about the whole stream that change while it goes on: one of a code, and not counted before it stands. */
  readonly #stated = new Map<string, PlacedDiagnostic>();
  readonly #perCode = new Map<string, number>();
  /** Frames of the first `#indexed` items. */
  readonly #frames: Readonly<Record<Severity, Set<number>>> = { error: new Set(), warning: new Set(), info: new Set() };
  #indexed = 0;
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };

  /** Everything found, kept or not. */
  get counts(): SeverityCounts {
    const counts = { ...this.#counts };
    for (const { diagnostic } of this.#stated.values()) counts[diagnostic.severity]++;
    return counts;
  }

  get total(): number {
    return this.#counts.error + this.#counts.warning + this.#counts.info + this.#stated.size;
  }

  /** How many `page` can list. */
  get listed(): number {
    return this.#items.length + this.#stated.size;
  }

  /** Findings of one code, listed or not. */
  found(code: string): number {
    return (this.#perCode.get(code) ?? 0) + (this.#stated.has(code) ? 1 : 0);
  }

  get kept(): readonly PlacedDiagnostic[] {
    return this.#items;
  }

  /** What is said of the whole stream as of now. */
  get stated(): readonly PlacedDiagnostic[] {
    return [...this.#stated.values()];
  }

  /** How often a code was found beyond those kept, by code. */
  get omitted(): ReadonlyMap<string, number> {
    const omitted = new Map<string, number>();
    for (const [code, found] of this.#perCode) if (found > keptPerCode) omitted.set(code, found - keptPerCode);
    return omitted;
  }

  add(diagnostic: Diagnostic, micros: Micros): void {
    this.#counts[diagnostic.severity]++;
    const found = (this.#perCode.get(diagnostic.code) ?? 0) + 1;
    this.#perCode.set(diagnostic.code, found);
    if (found <= keptPerCode) this.#items.push({ diagnostic, micros });
  }

  /** What is now to be said of the stream under a code; undefined: nothing any more. It takes the place of what was said. */
  state(code: string, diagnostic: Diagnostic | undefined, micros: Micros): void {
    if (diagnostic === undefined) this.#stated.delete(code);
    else this.#stated.set(code, { diagnostic, micros });
  }

  /** What is said of the whole stream comes first, then the findings in stream order. */
  page(from: number, count: number): readonly Diagnostic[] {
    const stated = [...this.#stated.values()].slice(from, from + count);
    const start = Math.max(0, from - this.#stated.size);
    return [...stated, ...this.#items.slice(start, start + count - stated.length)].map((item) => item.diagnostic);
  }

  /** Whether a kept finding about this frame has this severity. Quick for many frames in a row. */
  isFound(frame: number, severity: Severity): boolean {
    for (; this.#indexed < this.#items.length; this.#indexed++) {
      const { diagnostic } = this.#items[this.#indexed] as PlacedDiagnostic;
      if (diagnostic.frame !== undefined) this.#frames[diagnostic.severity].add(diagnostic.frame);
    }
    return this.#frames[severity].has(frame);
  }

  ofFrame(frame: number): readonly Diagnostic[] {
    return [...this.#stated.values(), ...this.#items]
      .map((item) => item.diagnostic)
      .filter((diagnostic) => diagnostic.frame === frame);
  }

  /** Those that belong to a frame in a span of time, at most `limit`. */
  placed(fromMicros: Micros, toMicros: Micros, limit: number): readonly PlacedDiagnostic[] {
    const found: PlacedDiagnostic[] = [];
    for (const item of [...this.#stated.values(), ...this.#items]) {
      if (item.diagnostic.frame === undefined || item.micros < fromMicros || item.micros >= toMicros) continue;
      found.push(item);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Nearest frame with a diagnostic after or before frame `from`; null where there is none. */
  seek(from: number, direction: 'next' | 'previous'): number | null {
    let nearest: number | null = null;
    for (const { diagnostic } of [...this.#stated.values(), ...this.#items]) {
      const frame = diagnostic.frame;
      if (frame === undefined) continue;
      if (
        direction === 'next'
          ? frame > from && (nearest === null || frame < nearest)
          : frame < from && (nearest === null || frame > nearest)
      ) {
        nearest = frame;
      }
    }
    return nearest;
  }

  /** For keeping: the items and the counts per code that they cannot tell. */
  toKept(): {
    readonly items: readonly PlacedDiagnostic[];
    readonly stated: readonly PlacedDiagnostic[];
    readonly found: readonly (readonly [string, number])[];
  } {
    return { items: this.#items, stated: [...this.#stated.values()], found: [...this.#perCode] };
  }

  static fromKept(kept: ReturnType<DiagnosticList['toKept']>): DiagnosticList {
    const list = new DiagnosticList();
    for (const { diagnostic, micros } of kept.stated) list.state(diagnostic.code, diagnostic, micros);
    const severityOf = new Map<string, Severity>();
    for (const item of kept.items) {
      list.add(item.diagnostic, item.micros);
      severityOf.set(item.diagnostic.code, item.diagnostic.severity);
    }
    for (const [code, found] of kept.found) {
      const more = found - (list.#perCode.get(code) ?? 0);
      const severity = severityOf.get(code);
      if (more > 0 && severity !== undefined) {
        list.#counts[severity] += more;
        list.#perCode.set(code, found);
      }
    }
    return list;
  }
}
