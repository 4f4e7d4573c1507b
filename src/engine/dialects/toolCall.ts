import type { ToolDelta } from './delta.ts';
import { Pieces, type MessageBudget } from './pieces.ts';

/** A tool call put together. */
export class AssembledCall {
  readonly choice: number;
  readonly runs: 'client' | 'server';
  readonly startFrame: number;
  readonly arguments: Pieces;
  id: string | null;
  name: string | null;
  /** The provider's word for this sort of call. */
  kind: string;
  status: string | null = null;
  /** The frame that ended it; null while it is open. */
  endFrame: number | null = null;
  /** The provider's whole text of the arguments came; it may repeat it. */
  hasFinalArguments = false;
  result: unknown = undefined;
  resultFrame: number | null = null;

  constructor(
    { choice, runs, id, name, kind }: Extract<ToolDelta, { type: 'tool-start' }>,
    frame: number,
    budget: MessageBudget,
  ) {
    this.arguments = new Pieces(budget);
    this.choice = choice;
    this.runs = runs;
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.startFrame = frame;
  }

  /** More of the head came. */
  learn({ id, name }: Extract<ToolDelta, { type: 'tool-start' }>): void {
    this.id ??= id;
    this.name ??= name;
  }

  /** The arguments as they came, `{}` for none. */
  get argumentsText(): string {
    return this.arguments.length === 0 ? '{}' : this.arguments.text;
  }

  /**
   * True where the arguments are no whole JSON value. Custom tools take any text, and so do tools of the provider, such
   * as code to run: theirs are judged only where they begin as an object and the provider gave no final text.
   */
  get isTruncated(): boolean {
    if (this.kind === 'custom' || this.arguments.length === 0) return false;
    if (this.runs === 'server' && (this.hasFinalArguments || !this.arguments.text.startsWith('{'))) return false;
    try {
      JSON.parse(this.arguments.text);
      return false;
    } catch {
      return true;
    }
  }
}
