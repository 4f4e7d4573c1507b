import type { Failure } from '../../shared/failure.ts';
import type { SegmentPool } from './segmentBuffer.ts';
import type { WriteOperation, WriterCommand } from './writerMessages.ts';

/** What a channel needs of the client that it belongs to. */
export interface WriterLink {
  readonly pool: SegmentPool;
  send(command: WriterCommand): void;
  took(bytes: number): void;
  released(bytes: number): void;
  mayGoOn(channel: WriterChannel): boolean;
  scheduleHandOver(handOver: () => void): void;
  setBusy(busy: boolean): void;
}

interface Uncommitted {
  readonly sequence: number;
  readonly bytes: number;
  readonly committed: (() => void) | undefined;
}

export interface Finished {
  readonly failure: Failure | null;
  /** The ending is in the file, even where the failure says that bytes before it are not. */
  readonly endingKept: boolean;
}

/** The way of one recording's operations to the writer thread, and what became of them. */
export class WriterChannel {
  readonly id: number;
  readonly #link: WriterLink;
  #uncommitted: Uncommitted[] = [];
  #sequence = 0;
  #takenBytes = 0;
  #failure: Failure | undefined;
  #anyCommitted = false;
  #onFailure: ((failure: Failure) => void) | undefined;
  #onDrain: (() => void) | undefined;
  #onEndingLog: (() => void) | undefined;
  #onOneFile: (() => void) | undefined;
  #finishing: ((finished: Finished) => void) | undefined;
  #closing: (() => void) | undefined;
  #closed = false;
  #busy = false;

  constructor(id: number, link: WriterLink) {
    this.id = id;
    this.#link = link;
  }

  get pool(): SegmentPool {
    return this.#link.pool;
  }

  /** Bytes taken over but not committed. */
  get unwrittenBytes(): number {
    return this.#takenBytes;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** True once the file holds more than its creation left there. */
  get anyCommitted(): boolean {
    return this.#anyCommitted;
  }

  /** Counts bytes before they are handed over by `write`. */
  take(bytes: number): void {
    if (this.#failure !== undefined || this.#closed) return;
    this.#takenBytes += bytes;
    this.#link.took(bytes);
  }

  /** False when the unwritten bytes of all recordings reached their limit; `onDrain` follows. */
  mayGoOn(): boolean {
    return this.#failure === undefined && this.#link.mayGoOn(this);
  }

  scheduleHandOver(handOver: () => void): void {
    this.#link.scheduleHandOver(handOver);
  }

  /** Sends an operation; `bytes` of those counted by `take` go with it. `committed` is called unless writing fails. */
  write(operation: WriteOperation, bytes: number, committed?: () => void): void {
    if (this.#failure !== undefined || this.#closed) return;
    const sequence = ++this.#sequence;
    this.#uncommitted.push({ sequence, bytes, committed });
    this.#setBusy();
    this.#link.send({ kind: 'write', channel: this.id, sequence, operation });
  }

  /** Ends the recording; resolves when the ending is safe on the disk, or cannot be. */
  finish(operations: readonly WriteOperation[]): Promise<Finished> {
    const failure = this.#failure;
    if (this.#closed && failure !== undefined) return Promise.resolve({ failure, endingKept: false });
    return new Promise((resolve) => {
      this.#finishing = resolve;
      this.#setBusy();
      this.#link.send({ kind: 'finish', channel: this.id, operations });
    });
  }

  /** Lets go of the file after what was written. Resolves when the thread has done so. */
  close(): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    return new Promise((resolve) => {
      this.#closing = resolve;
      this.#setBusy();
      this.#link.send({ kind: 'close', channel: this.id });
    });
  }

  onFailure(listener: (failure: Failure) => void): void {
    this.#onFailure = listener;
  }

  onDrain(listener: () => void): void {
    this.#onDrain = listener;
  }

  /** The log is about to be ended: readers of this process had better let go of the file for a moment. */
  onEndingLog(listener: () => void): void {
    this.#onEndingLog = listener;
  }

  onOneFile(listener: () => void): void {
    this.#onOneFile = listener;
  }

  endingLog(): void {
    this.#onEndingLog?.();
  }

  oneFile(): void {
    this.#onOneFile?.();
  }

  committed(sequence: number): void {
    this.#anyCommitted = true;
    let bytes = 0;
    let done = 0;
    for (const operation of this.#uncommitted) {
      if (operation.sequence > sequence) break;
      bytes += operation.bytes;
      operation.committed?.();
      done++;
    }
    this.#uncommitted.splice(0, done);
    this.#release(bytes);
    this.#setBusy();
  }

  failed(failure: Failure): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#uncommitted = [];
    this.#release(this.#takenBytes);
    this.#setBusy();
    this.#onFailure?.(failure);
  }

  finished(failure: Failure | null, endingKept: boolean): void {
    this.#anyCommitted = true;
    const resolve = this.#finishing;
    this.#finishing = undefined;
    this.#setBusy();
    resolve?.({ failure, endingKept });
  }

  closed(): void {
    this.#closed = true;
    this.#uncommitted = [];
    this.#release(this.#takenBytes);
    const resolve = this.#closing;
    this.#closing = undefined;
    this.#setBusy();
    resolve?.();
  }

  drained(): void {
    this.#onDrain?.();
  }

  #release(bytes: number): void {
    this.#takenBytes -= bytes;
    this.#link.released(bytes);
  }

  #setBusy(): void {
    const busy = this.#uncommitted.length > 0 || this.#finishing !== undefined || this.#closing !== undefined;
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.#link.setBusy(busy);
  }
}
