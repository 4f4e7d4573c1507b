import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../../src/main/store/library.ts';
import { readTrace, SimulatedDisk, type TraceStep } from './powerCut/simulatedDisk.ts';
import { newId, patternBytes, temporaryFolder, value } from './sampleRecordings.ts';

const source = fileURLToPath(new URL('./powerCut/traceWrites.c', import.meta.url));
const program = fileURLToPath(new URL('./powerCut/tracedWriter.ts', import.meta.url));
const cuts = process.env['STREAMSCOPE_DEEP'] === '1' ? 1_000 : 30;
const announcements = 'announced';

/** Builds what notes writes, or says why it cannot. */
function buildTracer(folder: string): { readonly library: string } | { readonly none: string } {
  if (process.platform !== 'linux') return { none: 'writes are traced on Linux alone' };
  const library = path.join(folder, 'trace.so');
  try {
    execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' });
    return { library };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { none: 'there is no gcc here' };
    throw error;
  }
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What had been announced before a step: bytes of finished recordings, and which were tagged. */
function announcedBefore(steps: readonly TraceStep[], end: number) {
  const text = steps
    .slice(0, end)
    .filter(({ kind, name }) => kind === 'W' && name === announcements)
    .map(({ bytes }) => new TextDecoder().decode(bytes))
    .join('');
  const saved = new Map<string, number>();
  const tagged = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [id = '', said] = line.split(' ');
    if (said === 'tagged') tagged.add(id);
    else saved.set(id, Number(said));
  }
  return { saved, tagged };
}

describe('a power cut', () => {
  it(`leaves no recording damaged and loses nothing that was announced as saved, ${String(cuts)} times`, async (context) => {
    const work = temporaryFolder();
    const tracer = buildTracer(work);
    if ('none' in tracer) {
      context.skip(true, tracer.none);
      return;
    }
    const folder = path.join(work, 'library');
    mkdirSync(folder);
    const ids = Array.from({ length: 4 }, newId);
    execFileSync(process.execPath, [program, folder, path.join(folder, announcements), ...ids], {
      env: {
        ...process.env,
        LD_PRELOAD: tracer.library,
        STREAMSCOPE_TRACE: path.join(work, 'trace'),
        STREAMSCOPE_TRACED_FOLDER: folder,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const steps = readTrace(readFileSync(path.join(work, 'trace')));
    expect(announcedBefore(steps, steps.length).tagged.size).toBe(ids.length);

    const random = randomFrom(2_026);
    const ends = Array.from({ length: cuts }, () => Math.floor(random() * steps.length)).sort((a, b) => a - b);
    const disk = new SimulatedDisk();
    const problems: string[] = [];
    let applied = 0;
    for (const end of ends) {
      for (; applied < end; applied++) disk.apply(steps[applied]!);
      const found = path.join(work, 'found');
      disk.writeAfterCut(found, random);
      for (const problem of await problemsIn(found, announcedBefore(steps, end))) {
        problems.push(`cut ${String(end)} of ${String(steps.length)}: ${problem}`);
      }
      rmSync(found, { recursive: true });
    }
    expect(problems).toEqual([]);
  }, 900_000);
});

async function problemsIn(
  folder: string,
  { saved, tagged }: { readonly saved: ReadonlyMap<string, number>; readonly tagged: ReadonlySet<string> },
): Promise<readonly string[]> {
  const library = value(openLibrary(folder));
  const problems: string[] = [...library.notices];
  const lines = new Map(library.list().map((line) => [line.id, line]));
  for (const [id, line] of lines) {
    const opened = library.open(id);
    if (!opened.ok) {
      problems.push(`${id}: ${opened.failure.message}`);
      continue;
    }
    const reader = opened.value;
    const kept = reader.byteLength('wire');
    if (Buffer.compare(reader.read('wire', 0, kept), patternBytes(0, kept)) !== 0) problems.push(`${id}: other bytes`);
    if (saved.has(id) && (line.state !== 'ended' || kept !== saved.get(id))) {
      problems.push(`${id}: ${line.state} with ${String(kept)} of ${String(saved.get(id))} bytes`);
    }
    if (tagged.has(id) && !line.tags.includes('said')) problems.push(`${id}: its tag is lost`);
    reader.close();
  }
  for (const id of saved.keys()) if (!lines.has(id)) problems.push(`${id}: gone`);
  await library.close();
  return problems;
}
