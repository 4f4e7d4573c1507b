import type { TemplateScope } from './templateFunctions.ts';

/** A number that stands in the document, or that follows from the request. */
export interface Amount {
  /** With every knob at its default and no request; for what is said of the scenario. Null: it cannot be told. */
  readonly usual: number | null;
  /** The knob that it is, when it is one and nothing else. */
  readonly knob: string | null;
  of(scope: TemplateScope): number;
}
