import process from 'node:process';
import { duration } from '../../../engine/recording/verdict.ts';
import { maskHeaderValue, maskRequest, maskUrl } from '../../../shared/maskSecrets.ts';
import type { MarkFacts, RecordingDetail } from '../../../shared/recording.ts';
import type { HeaderList } from '../../../shared/request.ts';
import type { Instrument } from '../../instrument/createInstrument.ts';
import { detailOf } from '../../instrument/detail.ts';
import { exitCode } from './exitCodes.ts';
import { prettyDiagnostic, prettyVerdict } from './prettyLines.ts';
import { jsonLine, palette, print, safeForTerminal } from './terminal.ts';

/** `show <id>`: everything known about one recording but its frames. */
export async function showRecording(instrument: Instrument, id: string, asJson: boolean): Promise<number> {
  const recording = instrument.recordings.get(id);
  const analysed = new Promise<void>((resolve) => {
    const check = (): void => {
      if (recording.analysisProgress === null) resolve();
      else setTimeout(check, 20);
    };
    check();
  });
  await analysed;
  const detail = masked(detailOf(recording));
  const diagnostics = recording.analysis.diagnostics.page(0, 100);
  if (asJson) {
    await print(jsonLine({ ...detail, diagnostics }));
    return exitCode.fine;
  }
  await print(describe(detail));
  const colours = palette(process.stdout.isTTY);
  for (const diagnostic of diagnostics) await print(`${prettyDiagnostic(diagnostic, colours)}\n`);
  await print(prettyVerdict(detail.verdict, colours));
  return exitCode.fine;
}

/** A detail as it may be shown: secrets masked wherever they stand. */
function masked(detail: RecordingDetail): RecordingDetail {
  const { exchange, summary } = detail;
  const { request, head, marks } = exchange;
  const headers = (list: HeaderList): HeaderList => list.map(([name, value]) => [name, maskHeaderValue(name, value)]);
  return {
    ...detail,
    summary: { ...summary, url: maskUrl(summary.url) },
    exchange: {
      ...exchange,
      request: request === null ? null : maskRequest(request),
      sentHeaders: headers(exchange.sentHeaders),
      head: head === null ? null : { ...head, headers: headers(head.headers) },
      trailers: headers(exchange.trailers),
      marks: marks.map((mark) => (mark.facts === undefined ? mark : { ...mark, facts: maskedFacts(mark.facts) })),
    },
  };
}

function maskedFacts(facts: MarkFacts): MarkFacts {
  return {
    ...facts,
    ...(facts.from === undefined ? {} : { from: maskUrl(facts.from) }),
    ...(facts.to === undefined ? {} : { to: maskUrl(facts.to) }),
  };
}

function describe(detail: RecordingDetail): string {
  const { summary, exchange, framing } = detail;
  const { counts } = summary;
  const facts: readonly (readonly [string, string])[] = [
    ['id', summary.id],
    ['started', new Date(summary.startedAt).toISOString()],
    ['source', exchange.importedFrom === undefined ? summary.source : `${summary.source} of ${exchange.importedFrom}`],
    ['request', `${summary.method} ${summary.url}`.trim() || '—'],
    ['status', exchange.head === null ? '—' : `${String(exchange.head.status)} ${exchange.head.statusText}`],
    ['content type', detail.contentType ?? '—'],
    ['framing', framing === null ? '—' : `${framing.framing} (${framing.reason})`],
    ['frames', `${String(counts.frames)}, of which ${String(counts.heartbeats)} heartbeats`],
    [
      'bytes',
      `${String(counts.wireBytes)} on the wire, ${String(counts.bodyBytes)} in the body, ${String(counts.chunks)} chunks`,
    ],
    ['first byte', detail.timing.firstByteMicros === null ? '—' : duration(detail.timing.firstByteMicros)],
    ['end', detail.timing.endMicros === null ? '—' : duration(detail.timing.endMicros)],
  ];
  return facts.map(([name, value]) => `${`${name}:`.padEnd(14)}${safeForTerminal(value)}\n`).join('');
}
