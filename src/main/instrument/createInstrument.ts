import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { dialects } from '../../engine/dialects/registry.ts';
import { checkedRules } from '../../engine/diagnostics/catalogue.ts';
import type { EngineDescription } from '../../shared/calls.ts';
import { wordLimits } from '../../shared/library.ts';
import { FailureError } from '../../shared/failure.ts';
import { defaultLimits, type Limits } from '../../shared/limits.ts';
import type { Verdict } from '../../shared/recording.ts';
import type { RecordingId } from '../../shared/words.ts';
import { decodableCodings } from '../capture/contentDecoder.ts';
import { warmUpCapture } from '../capture/warmUp.ts';
import type { EngineService } from '../rpc/handlers.ts';
import { createMockServer } from '../servers/mock/mockServer.ts';
import { openLibrary } from '../store/library.ts';
import { RunSetFiles } from '../store/runSetFiles.ts';
import { ScenarioFiles } from '../store/scenarioFiles.ts';
import { detailOf } from './detail.ts';
import { EventHub } from './eventHub.ts';
import { Exports } from './export/exports.ts';
import { Filters } from './filters.ts';
import { createHandlers } from './handlers.ts';
import { Imports, type ImportHints } from './imports.ts';
import { LibraryPanel } from './libraryPanel.ts';
import { changeSettings, readSettings } from './keptSettings.ts';
import { MockPanel } from './mockPanel.ts';
import { OfflineAnswers } from './proxy/offlineAnswers.ts';
import { OwnListeners } from './proxy/ownListeners.ts';
import { ProxyPanel } from './proxy/proxyPanel.ts';
import { Recordings } from './recordings.ts';
import { Replays } from './replays.ts';
import { RunSets } from './runSets.ts';
import { Scenarios } from './scenarios.ts';

const importPieceBytes = 1_048_576;
const ownSession = 'engine';

export interface InstrumentOptions {
  readonly host: EngineDescription['host'];
  readonly version: string;
  /** Where recordings are kept. */
  readonly folder: string;
  /** Recordings that ship with the product, imported once into an empty library; null: none. */
  readonly samplesFolder: string | null;
  /** Start the mock server at once. */
  readonly startMock: boolean;
  readonly mockPort?: number;
  readonly limits?: Limits;
  /** Things the user should know about this host. */
  readonly notices?: readonly string[];
}

/** One engine with everything it needs: what every host composes and serves. */
export interface Instrument extends EngineService {
  readonly recordings: Recordings;
  readonly replays: Replays;
  readonly libraryPanel: LibraryPanel;
  readonly runSets: RunSets;
  readonly proxy: ProxyPanel;
  /** Servers of this program that the proxy must not ask; hosts add their own. */
  readonly ownListeners: OwnListeners;
  /** Brings a file in from the disk. @throws FailureError when it cannot be read. */
  importPath(file: string, hints?: Partial<ImportHints>): Promise<RecordingId>;
  /** As `importPath`, of a file that may hold several recordings: all of them. */
  importAll(
    file: string,
    hints?: Partial<ImportHints>,
    watched?: WatchedImport,
  ): Promise<readonly [RecordingId, ...RecordingId[]]>;
  readonly exports: Exports;
  /** How a recording goes, or went. @throws FailureError when it is not there */
  verdict(id: RecordingId): Verdict;
  readonly liveCount: number;
  /** Stops what is live, keeps it, and lets go of everything. */
  close(): Promise<void>;
}

/** What may be said of, and to, a file that is brought in. */
export interface WatchedImport {
  /** Aborted: no more is read; what came is kept. */
  readonly signal?: AbortSignal;
  /** How much of it was read, 0…1. */
  readonly told?: (share: number) => void;
}

/** @throws FailureError when the library cannot be opened or written */
export async function createInstrument(options: InstrumentOptions): Promise<Instrument> {
  const limits = options.limits ?? defaultLimits;
  const opened = openLibrary(options.folder, limits);
  if (!opened.ok) throw new FailureError(opened.failure);
  const library = opened.value;
  await Promise.all([library.prepareToWrite(), warmUpCapture()]);
  const hub = new EventHub();
  const recordings = new Recordings(library, hub, limits, `streamscope/${options.version}`);
  const libraryPanel = new LibraryPanel(library, recordings, hub);
  const runSets = new RunSets(recordings, new RunSetFiles(library.folder), hub);
  const filters = new Filters((id) => recordings.get(id), hub, limits);
  const imports = new Imports(
    (name, sample) => recordings.beginImport(name, sample),
    async (id, note) => {
      await libraryPanel.change([id], { note: note.slice(0, wordLimits.note) });
    },
    limits,
  );
  const mockServer = createMockServer({
    ...(options.mockPort !== undefined && { port: options.mockPort }),
    endpoints: () => scenarios.endpoints(),
    onChanged: () => requested(),
  });
  const requested = hub.announcer('mock.requested', () => ({
    newest: mockServer.newestRequest,
    activeStreams: mockServer.status().active,
  }));
  const scenarios = new Scenarios(new ScenarioFiles(library.folder), {
    watches: options.host !== 'cli',
    changed: () => mock.announce(),
  });
  const mock = new MockPanel(mockServer, scenarios, hub);
  const replays = new Replays(library, recordings, hub);
  const ownListeners = new OwnListeners();
  const proxy = new ProxyPanel({
    recordings,
    hub,
    limits,
    ownListeners,
    offlineAnswers: new OfflineAnswers(library),
    keptRoutes: {
      read: () => readSettings(library).proxyRoutes,
      write: (routes) => {
        changeSettings(library, { proxyRoutes: [...routes] });
      },
    },
  });

  const describe = (): EngineDescription => ({
    version: options.version,
    runtime: runtimeName(),
    host: options.host,
    recordingsFolder: library.folder,
    sqliteVersion: library.sqliteVersion,
    decodes: decodableCodings(),
    rules: checkedRules,
    dialects: dialects.map(({ name, title }) => ({ name, title })),
    notices: [...(options.notices ?? []), ...library.notices],
  });

  const importAll = async (
    file: string,
    hints: Partial<ImportHints> = {},
    { signal, told }: WatchedImport = {},
  ): Promise<readonly [RecordingId, ...RecordingId[]]> => {
    const sizeBytes = await fileSize(file);
    const importId = imports.begin(
      { name: path.basename(file), contentType: null, url: null, sample: false, ...hints, sizeBytes },
      ownSession,
    );
    try {
      for await (const piece of createReadStream(file, { highWaterMark: importPieceBytes })) {
        const taken = await imports.append(importId, piece as Buffer);
        if (sizeBytes > 0) told?.(Math.min(1, taken / sizeBytes));
        if (imports.isOver(importId)) break;
        if (isAborted(signal)) return [await imports.giveUp(importId)];
      }
    } catch (error) {
      imports.abort(importId);
      if (error instanceof FailureError) throw error;
      throw unreadable(file, error);
    }
    return imports.finish(importId);
  };
  const importPath = async (file: string, hints: Partial<ImportHints> = {}): Promise<RecordingId> => {
    const [first] = await importAll(file, hints);
    return first;
  };
  const exports = new Exports(recordings, limits, options.version);

  if (options.samplesFolder !== null && library.list().length === 0) {
    const names = (await readdir(options.samplesFolder)).filter((name) => name.endsWith('.stream.jsonl')).sort();
    for (const name of names) {
      await importPath(path.join(options.samplesFolder, name), {
        sample: true,
        name: name.replace(/\.stream\.jsonl$/, ''),
      });
    }
  }
  if (options.startMock) await mock.start(null);
  // A command comes and goes: what it leaves is taken in by the next program that stays.
  if (options.host !== 'cli') libraryPanel.keepHouse();

  return {
    recordings,
    replays,
    libraryPanel,
    runSets,
    proxy,
    ownListeners,
    handlers: createHandlers({
      exports,
      recordings,
      runSets,
      filters,
      imports,
      replays,
      library,
      libraryPanel,
      mock,
      scenarios,
      proxy,
      limits,
      describe,
    }),
    subscribe: (event, listener) => hub.subscribe(event, listener),
    sessionEnded(session) {
      filters.closeSession(session);
      imports.closeSession(session);
      exports.closeSession(session);
    },
    importPath,
    importAll,
    exports,
    verdict: (id) => detailOf(recordings.get(id)).verdict,
    get liveCount() {
      return recordings.liveCount;
    },
    async close() {
      filters.dispose();
      libraryPanel.close();
      scenarios.close();
      await mockServer.stop();
      await proxy.stop();
      await replays.close();
      await runSets.close();
      await recordings.close();
      hub.close();
    },
  };
}

function unreadable(file: string, cause: unknown): FailureError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FailureError({ code: 'import/unreadable', message: `${file} cannot be read: ${reason}.` }, { cause });
}

async function fileSize(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw unreadable(file, error);
  }
  throw new FailureError({ code: 'import/unreadable', message: `${file} is not a file.` });
}

function runtimeName(): string {
  // The types are Node's, where Electron adds a version of its own.
  const versions: Readonly<Record<string, string | undefined>> = process.versions;
  const electron = versions['electron'];
  return electron === undefined ? `Node ${process.versions.node}` : `Electron ${electron}`;
}

/** Asked anew each time: what is awaited between two looks may abort it. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}
