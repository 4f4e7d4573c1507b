/** Changes that are remembered, so that a reader who looks often need not read everything again. */
const remembered = 65_536;

/** The frames whose flags changed after they were appended, in the order of the changes. */
export class FlagChanges {
  #frames: number[] = [];
  #forgotten = 0;

  /** Changes so far: what a reader keeps to ask for those after it. */
  get count(): number {
    return this.#forgotten + this.#frames.length;
  }

  add(frame: number): void {
    if (this.#frames.length === remembered) {
      this.#forgotten += remembered;
      this.#frames = [];
    }
    this.#frames.push(frame);
  }

  /** The frames of the changes after the first `count`, ascending; undefined where they are forgotten. */
  since(count: number): readonly number[] | undefined {
    if (count < this.#forgotten) return undefined;
    return [...new Set(this.#frames.slice(count - this.#forgotten))].sort((a, b) => a - b);
  }
}
