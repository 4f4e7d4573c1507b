import { spanStatistics, timelineColumns } from '../../engine/recording/timeline.ts';
import { timingReport } from '../../engine/timing/timingReport.ts';
import { wantsEstimate } from '../../engine/timing/tokenMetrics.ts';
import { parseObjectives } from '../../engine/runs/objectives.ts';
import { parseCurl } from '../../engine/request/curl.ts';
import { toCurl } from '../../engine/request/toCurl.ts';
import { FailureError } from '../../shared/failure.ts';
import type { EngineDescription } from '../../shared/calls.ts';
import type { Limits } from '../../shared/limits.ts';
import { maskRequest } from '../../shared/maskSecrets.ts';
import type { Handlers } from '../rpc/handlers.ts';
import type { Library } from '../store/recordingStore.ts';
import { Comparisons } from './comparisons.ts';
import { detailOf, keyTimesOf } from './detail.ts';
import { diagnosticsPage } from './diagnosticsPage.ts';
import type { Exports } from './export/exports.ts';
import type { Filters } from './filters.ts';
import { checkedChoice } from './framingChoice.ts';
import { readConversationOf } from './conversations.ts';
import { wordsOfSpan } from './frameDeltas.ts';
import { messageReader, messageSoon } from './messages.ts';
import { messageView } from './messageView.ts';
import type { Imports } from './imports.ts';
import { changeSettings, readSettings } from './keptSettings.ts';
import type { LibraryPanel } from './libraryPanel.ts';
import type { MockPanel } from './mockPanel.ts';
import { timelineSource, type OpenedRecording } from './openedRecording.ts';
import {
  allFrames,
  chunkSpan,
  filtered,
  frameDetail,
  frameRows,
  seekStall,
  withoutHeartbeats,
  type RowMapping,
} from './queries.ts';
import type { ProxyPanel } from './proxy/proxyPanel.ts';
import type { Recordings } from './recordings.ts';
import type { Replays } from './replays.ts';
import { scenarioOfRecording } from './scenarioOfRecording.ts';
import type { Scenarios } from './scenarios.ts';
import type { RunSets } from './runSets.ts';
import { tokenCounter } from './tokenizer.ts';
import { requestOfWindow } from './requestOfWindow.ts';

export interface HandlerParts {
  readonly recordings: Recordings;
  readonly runSets: RunSets;
  readonly filters: Filters;
  readonly imports: Imports;
  readonly exports: Exports;
  readonly replays: Replays;
  readonly library: Library;
  readonly mock: MockPanel;
  readonly scenarios: Scenarios;
  readonly proxy: ProxyPanel;
  readonly libraryPanel: LibraryPanel;
  readonly limits: Limits;
  describe(): EngineDescription;
}

/** The contract's calls, each a few lines over the part that knows. */
export function createHandlers(parts: HandlerParts): Handlers {
  const {
    recordings,
    runSets,
    filters,
    imports,
    exports,
    replays,
    library,
    libraryPanel,
    mock,
    scenarios,
    proxy,
    limits,
  } = parts;

  const comparisons = new Comparisons((id) => recordings.get(id), limits);

  const mapping = (
    recording: OpenedRecording,
    input: { readonly filterId: string | null; readonly foldHeartbeats: boolean },
  ): RowMapping => {
    if (input.filterId !== null) {
      return filtered(filters.run(input.filterId, recording.id).matches);
    }
    return input.foldHeartbeats ? withoutHeartbeats(recording) : allFrames(recording);
  };

  return {
    'engine.describe': () => parts.describe(),
    'library.list': () => ({ recordings: recordings.list() }),
    'library.search': ({ expression, sort }) => libraryPanel.search(expression, sort),
    'library.change': async ({ ids, ...change }) => ({ recordings: await libraryPanel.change(ids, change) }),
    'library.remove': ({ ids }) => libraryPanel.remove(ids),
    'library.undoRemove': ({ ids }) => libraryPanel.undoRemove(ids),
    'library.usage': () => libraryPanel.usage(),

    'recording.open': ({ request, framing, jsonPath, dialect }) => ({
      id: recordings.open(requestOfWindow(request), checkedChoice(framing, jsonPath, dialect)),
    }),
    'recording.stop': async ({ id }) => ({ stopped: await recordings.stop(id) }),
    'recording.read': ({ id }) => {
      const detail = detailOf(recordings.get(id));
      return { ...detail, summary: library.told(detail.summary) };
    },
    'recording.rows': async ({ id, from, count, filterId, foldHeartbeats }) => {
      const recording = recordings.get(id);
      const message = await messageSoon(recording, limits);
      return frameRows(recording, mapping(recording, { filterId, foldHeartbeats }), from, count, message);
    },
    'recording.rowOfFrame': ({ id, frame, filterId, foldHeartbeats }) => {
      const recording = recordings.get(id);
      return { row: mapping(recording, { filterId, foldHeartbeats }).rowOfFrame(frame) };
    },
    'recording.frame': async ({ id, frame }) => {
      const recording = recordings.get(id);
      return frameDetail(recording, frame, limits, await messageSoon(recording, limits));
    },
    'recording.bytes': ({ id, space, offset, length }) => ({
      bytes: recordings.get(id).reader.read(space, offset, length),
    }),
    'recording.chunks': ({ id, offset, length }) => chunkSpan(recordings.get(id), offset, length),
    'recording.timeline': async ({ id, fromMicros, toMicros, columns }) => {
      const recording = recordings.get(id);
      return timelineColumns(
        timelineSource(recording, await messageSoon(recording, limits)),
        fromMicros,
        toMicros,
        columns,
      );
    },
    'recording.span': ({ id, fromMicros, toMicros }) =>
      spanStatistics(timelineSource(recordings.get(id)), fromMicros, toMicros),
    'recording.frameAt': ({ id, micros }) => {
      const { frames } = recordings.get(id).analysis;
      return { frame: frames.count === 0 ? null : Math.min(frames.countBefore(micros), frames.count - 1) };
    },
    'recording.frameAtOffset': ({ id, offset }) => {
      const { frames } = recordings.get(id).analysis;
      return { frame: frames.count === 0 ? null : Math.max(0, frames.frameAtOffset(offset)) };
    },
    'recording.timing': ({ id }) => {
      const recording = recordings.get(id);
      const { uncertaintyMicros } = recording.facts();
      return timingReport(
        timelineSource(recording),
        recording.analysis.arrivals,
        keyTimesOf(recording),
        uncertaintyMicros,
      );
    },
    'recording.message': async ({ id, have }) => {
      const recording = recordings.get(id);
      const reader = await messageReader(recording, limits);
      if (reader === null) return { message: null };
      const counter = wantsEstimate(reader.message) && recording.state !== 'live' ? await tokenCounter() : null;
      return { message: messageView(recording, reader, counter, have) };
    },
    'recording.messageRead': async ({ id }) => ({
      decision: (await messageReader(recordings.get(id), limits))?.decision ?? null,
    }),
    'recording.spanWords': async ({ id, fromMicros, toMicros }) => {
      const recording = recordings.get(id);
      const reader = await messageReader(recording, limits);
      return { words: reader === null ? null : wordsOfSpan(recording, reader, fromMicros, toMicros) };
    },
    'conversation.read': async ({ id }, { signal }) => ({
      conversation: await readConversationOf(id, { recordings, library, limits }, signal),
    }),
    'recording.diagnostics': ({ id, from, count }) => diagnosticsPage(recordings.get(id), from, count),
    'recording.seek': ({ id, from, to, direction }) => {
      const recording = recordings.get(id);
      const frame =
        to === 'stall' ? seekStall(recording, from, direction) : recording.analysis.seekDiagnostic(from, direction);
      return { frame };
    },
    'recording.reframe': ({ id, framing, jsonPath, dialect }) => {
      recordings.reframe(id, checkedChoice(framing, jsonPath, dialect));
      return {};
    },

    'filter.open': ({ id, expression }, { session }) => ({ filterId: filters.open(id, expression, session) }),
    'filter.close': ({ filterId }) => {
      filters.close(filterId);
      return {};
    },

    'import.begin': ({ name, size, contentType }, { session }) => ({
      importId: imports.begin({ name, sizeBytes: size, contentType, url: null, sample: false }, session),
    }),
    'import.append': async ({ importId, bytes }) => ({ receivedBytes: await imports.append(importId, bytes) }),
    'import.finish': async ({ importId }) => {
      const ids = await imports.finish(importId);
      return { id: ids[0], ids };
    },
    'import.abort': ({ importId }) => {
      imports.abort(importId);
      return {};
    },

    'export.preview': ({ id }, { signal }) => exports.preview(id, signal),
    'export.begin': (wish, { session }) => exports.begin(wish, session),
    'export.read': ({ exportId }) => exports.read(exportId),
    'export.end': ({ exportId }) => {
      exports.end(exportId);
      return {};
    },

    'compare.open': (input) => comparisons.open(input),
    'compare.frames': (input, { signal }) => comparisons.frames(input, signal),
    'compare.message': (input) => comparisons.message(input),
    'compare.json': (input) => comparisons.json(input),

    'request.parse': ({ text }) => {
      const parsed = parseCurl(text);
      if (!parsed.ok) throw new FailureError(parsed.failure);
      return { request: parsed.request, notes: parsed.notes };
    },
    'request.toCurl': ({ request, withSecrets }) => ({ command: toCurl(withSecrets ? request : maskRequest(request)) }),

    'mock.describe': () => mock.describe(),
    'mock.start': ({ port }) => mock.start(port ?? null),
    'mock.stop': () => mock.stop(),
    'mock.requests': ({ count }) => mock.requests(count),
    'scenario.check': ({ text }) => scenarios.check(text),
    'scenario.schema': () => scenarios.schema(),
    'scenario.read': ({ name }) => scenarios.read(name),
    'scenario.save': ({ name, text }) => scenarios.save(name, text),
    'scenario.remove': ({ name }) => {
      scenarios.remove(name);
      return {};
    },
    'scenario.fromRecording': ({ id }, { signal }) =>
      scenarioOfRecording(exports, id, library.told(detailOf(recordings.get(id)).summary).name, signal),
    'proxy.describe': () => proxy.describe(),
    'proxy.start': ({ port }) => proxy.start(port === undefined ? {} : { port }),
    'proxy.stop': () => proxy.stop(),
    'proxy.configure': (change) => proxy.configure(change),

    'run.start': async ({ request, framing, jsonPath, dialect, objectives, ...plan }) => {
      const stated = parseObjectives(objectives);
      if (!stated.ok) throw new FailureError(stated.failure);
      const id = await runSets.start({
        ...plan,
        request: requestOfWindow(request),
        choice: checkedChoice(framing, jsonPath, dialect),
        variables: new Map(),
        objectives: stated.value,
      });
      return { id };
    },
    'run.stop': async ({ id }) => ({ stopped: await runSets.stop(id) }),
    'run.read': ({ id, from, count }) => runSets.read(id, from, count),
    'run.list': () => ({ sets: runSets.list() }),
    'run.compare': ({ a, b }) => runSets.compare(a, b),
    'run.export': ({ id, form }) => ({ text: runSets.export(id, form) }),
    'run.remove': ({ id }) => {
      runSets.remove(id);
      return {};
    },

    'replay.start': ({ id, options, port }, { signal }) =>
      replays.start({ id, options, ...(port === undefined ? {} : { port }) }, signal),
    'replay.stop': async ({ replayId }) => ({ stopped: await replays.stop(replayId) }),
    'replay.step': ({ replayId }) => ({ clients: replays.step(replayId) }),
    'replay.list': () => ({ replays: replays.list() }),
    'replay.open': ({ replayId }) => ({ id: replays.open(replayId) }),

    'settings.read': () => readSettings(library),
    'settings.write': ({ patch }) => changeSettings(library, patch),
  };
}
