import { FailureError, type Failure } from '../../../shared/failure.ts';
import { createInstrument } from '../../instrument/createInstrument.ts';
import { controlEngine } from './controlEngine.ts';
import { engineConfigSchema, type FromEngineProcess } from './controlMessages.ts';

/** Entry of the engine's utility process. */

const report = (problem: string) => {
  process.stderr.write(`${problem}\n`);
};

function unable(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'engine/gone', message: `The engine could not start: ${reason}. The log below says more.` };
}

async function main(): Promise<void> {
  const { folder, notices, samplesFolder, version } = engineConfigSchema.parse(JSON.parse(process.argv.at(-1) ?? ''));
  const instrument = await createInstrument({
    host: 'desktop',
    folder,
    notices,
    samplesFolder,
    version,
    startMock: true,
  });
  controlEngine(instrument, process.parentPort, report, () => process.exit(0));
}

main().catch((error: unknown) => {
  report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.parentPort.postMessage({ type: 'unable', failure: unable(error) } satisfies FromEngineProcess);
  // The message above has to leave first; nothing else keeps this process.
  setImmediate(() => process.exit(1));
});
