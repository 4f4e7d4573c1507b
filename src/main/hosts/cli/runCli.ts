import process from 'node:process';
import { FailureError } from '../../../shared/failure.ts';
import packageFacts from '../../../../package.json' with { type: 'json' };
import type { Instrument } from '../../instrument/createInstrument.ts';
import { changeRecording, removeRecordings } from './changeLibrary.ts';
import { check } from './checkCommand.ts';
import { compare } from './compareCommand.ts';
import { exitCode, UsageError } from './exitCodes.ts';
import { exportRecording } from './exportCommand.ts';
import { importFile } from './importCommand.ts';
import { findRecordings } from './findCommand.ts';
import { inspect } from './inspectCommand.ts';
import { showRecording } from './libraryCommands.ts';
import type { LibraryWords } from './libraryOptions.ts';
import { mock } from './mockCommand.ts';
import { readCommandLine } from './program.ts';
import { proxy } from './proxyCommand.ts';
import { replay } from './replayCommand.ts';
import { askedRecording, record } from './recordCommand.ts';
import { serve, withLibrary, type StartWindowHost } from './runCommands.ts';
import { askedRunSet, runRunSet } from './runSetCommand.ts';
import { safeForTerminal } from './terminal.ts';

const { version } = packageFacts;

/** Runs one command line; answers with the exit code. */
async function run(words: readonly string[], startWindowHost: StartWindowHost, signal: AbortSignal): Promise<number> {
  const invocation = readCommandLine(words, process.stdout.isTTY, version, (text) => process.stdout.write(text));
  switch (invocation.command) {
    case 'none':
      return exitCode.fine;
    case 'inspect':
      return inspect(invocation.inspect, signal);
    case 'check':
      return check(invocation.check, signal);
    case 'record': {
      const asked = askedRecording(invocation.record);
      return withLibrary(version, (instrument) => record(instrument, asked, signal));
    }
    case 'run': {
      const asked = askedRunSet(invocation.runSet);
      return withLibrary(version, (instrument) => runRunSet(instrument, asked, signal));
    }
    case 'compare':
      return compare(invocation.compare, version, signal);
    case 'replay':
      return replay(invocation.replay, version, signal);
    case 'export':
      return exportRecording(invocation.export, version, signal);
    case 'import':
      return withLibrary(version, (instrument) => importFile(instrument, invocation.file, signal));
    case 'library': {
      const { library } = invocation;
      return withLibrary(version, (instrument) => useLibrary(instrument, library, signal));
    }
    case 'show':
      return withLibrary(version, (instrument) => showRecording(instrument, invocation.id, invocation.json));
    case 'mock':
      return mock(invocation.mock, signal);
    case 'proxy': {
      const asked = invocation.proxy;
      return withLibrary(version, (instrument) => proxy(instrument, asked, signal));
    }
    case 'serve':
      return serve({ version, port: invocation.port, open: invocation.open, startWindowHost, signal });
  }
}

function useLibrary(instrument: Instrument, words: LibraryWords, signal: AbortSignal): Promise<number> {
  switch (words.does) {
    case 'find':
      return findRecordings(instrument, words);
    case 'remove':
      return removeRecordings(instrument, words.ids, words.yes, signal);
    case 'change':
      return changeRecording(instrument, words.id, words.change, words.json);
  }
}

/**
 * The program `streamscope`: reads the process's command line, sets its exit code.
 * @param startWindowHost serves the window to a browser, for `serve`
 */
export async function runCli(startWindowHost: StartWindowHost): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort();
    });
  }
  // A reader that went away (`| head`) is an ordinary end, not a fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCode.fine : exitCode.endedBadly);
  });
  try {
    const code = await run(process.argv.slice(2), startWindowHost, interrupted.signal);
    process.exitCode = code;
    // A pipe that nobody writes to is still being opened: nothing would end this process.
    if (interrupted.signal.aborted) process.stdout.write('', () => process.exit(code));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`streamscope: ${safeForTerminal(error.message.replaceAll('\n', ' '))}\n`);
      process.stderr.write('Try: streamscope --help\n');
      process.exitCode = exitCode.wrongUsage;
    } else if (error instanceof FailureError) {
      process.stderr.write(`streamscope: ${error.failure.code}: ${safeForTerminal(error.failure.message)}\n`);
      process.exitCode = exitCode.couldNotOpen;
    } else {
      throw error;
    }
  }
}
