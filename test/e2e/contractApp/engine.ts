import { controlEngine, type ControlledEngine } from '../../../src/main/hosts/desktop/controlEngine.ts';
import type { Handlers } from '../../../src/main/rpc/handlers.ts';
import type { Input } from '../../../src/shared/calls.ts';
import { FailureError } from '../../../src/shared/failure.ts';
import { defaultSettings } from '../../../src/shared/settings.ts';
import { createContractService } from '../../contract/contractService.ts';

/** The contract suite's engine in a utility process. Ids of `recording.stop` steer it where a test needs it to act. */
const service = createContractService();
let liveCount = 0;

const advanced = (id: string, revision: number) => ({
  id,
  counts: {
    chunks: revision,
    frames: revision,
    wireBytes: 0,
    bodyBytes: 0,
    diagnostics: { error: 0, warning: 0, info: 0 },
    stalls: 0,
    heartbeats: 0,
  },
  lastChunkMicros: null,
  nowMicros: revision,
  live: true,
  analysisProgress: null,
  progress: null,
  revision,
});

/** What `recording.stop` does for some ids beside answering. */
const deeds: Readonly<Record<string, () => void>> = {
  crash() {
    process.stderr.write('the last words of the engine\n');
    process.crash();
  },
  live() {
    liveCount = 2;
    service.emit('library.changed', { id: 'r', summary: null });
  },
  flood() {
    for (let revision = 1; revision <= 5_000; revision++) {
      service.emit('recording.advanced', advanced('a', revision));
    }
  },
};

const steered: Partial<Handlers> = {
  'settings.read': () => defaultSettings,
  'settings.write': ({ patch }: Input<'settings.write'>) => ({ ...defaultSettings, theme: patch.theme ?? 'system' }),
  // No figure of a recording, but a way for a test to see the engine's side.
  'recording.timing': () => ({ ended: service.endedSessions.length }) as never,
  'recording.stop': ({ id }: Input<'recording.stop'>) => {
    deeds[id]?.();
    return { stopped: true };
  },
};

const engine: ControlledEngine = {
  handlers: { ...service.handlers, ...steered },
  subscribe: service.subscribe.bind(service),
  sessionEnded: service.sessionEnded.bind(service),
  importPath: async (file: string) => {
    if (file.endsWith('.bad')) {
      throw new FailureError({ code: 'import/unreadable', message: `${file} cannot be opened.` });
    }
    return 'imported';
  },
  get liveCount() {
    return liveCount;
  },
  close: async () => {},
};

controlEngine(
  engine,
  process.parentPort,
  (problem) => process.stderr.write(`${problem}\n`),
  () => process.exit(0),
);
