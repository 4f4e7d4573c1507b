import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FailureError } from '../../../shared/failure.ts';
import type { RecordingId } from '../../../shared/words.ts';
import { createInstrument, type Instrument } from '../../instrument/createInstrument.ts';
import type { OpenedRecording } from '../../instrument/openedRecording.ts';
import { defaultRecordingsFolder } from '../../store/recordingsFolder.ts';
import { UsageError } from './exitCodes.ts';
import { resolveTarget } from './targets.ts';

const lookAgainMillis = 20;

/** Recordings of the library and files beside each other; files are read into a library of their own that goes again. */
export class ComparedTargets {
  readonly #version: string;
  readonly #instruments = new Map<'library' | 'files', Instrument>();
  readonly #homes = new Map<RecordingId, Instrument>();
  #folder: string | undefined;

  constructor(version: string) {
    this.#version = version;
  }

  /** Opens a target and waits until all of it is analysed. @throws FailureError or UsageError where there is none */
  async open(name: string, signal: AbortSignal): Promise<RecordingId> {
    const target = await resolveTarget(name, false, () => {
      throw new UsageError(`compare takes recordings and files, not ${name}: make a recording of it first.`);
    });
    switch (target.kind) {
      case 'recording':
        return this.#analysed(target.id, await this.#instrument('library'), signal);
      case 'bytes': {
        if (target.path === null) throw new UsageError('compare cannot read standard input: name a file.');
        const files = await this.#instrument('files');
        return this.#analysed(await files.importPath(target.path), files, signal);
      }
      case 'nothing':
        throw new FailureError({ code: 'import/unreadable', message: target.why });
      case 'request':
        throw new UsageError(`compare takes recordings and files, not ${name}.`);
    }
  }

  /** The recording of an id that `open` gave. */
  get(id: RecordingId): OpenedRecording {
    const home = this.#homes.get(id);
    if (home === undefined) throw new Error(`${id} was not opened`);
    return home.recordings.get(id);
  }

  async #analysed(id: RecordingId, home: Instrument, signal: AbortSignal): Promise<RecordingId> {
    this.#homes.set(id, home);
    await home.recordings.settled(id);
    while (this.get(id).analysisProgress !== null) await wait(lookAgainMillis, undefined, { signal });
    return id;
  }

  async #instrument(of: 'library' | 'files'): Promise<Instrument> {
    const known = this.#instruments.get(of);
    if (known !== undefined) return known;
    if (of === 'files') this.#folder ??= await mkdtemp(path.join(tmpdir(), 'streamscope-compared-files-'));
    const made = await createInstrument({
      host: 'cli',
      version: this.#version,
      folder: of === 'library' || this.#folder === undefined ? defaultRecordingsFolder() : this.#folder,
      samplesFolder: null,
      startMock: false,
    });
    this.#instruments.set(of, made);
    return made;
  }

  async close(): Promise<void> {
    for (const instrument of this.#instruments.values()) await instrument.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}
