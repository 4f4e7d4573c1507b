import type { Run, RunFigures } from '../../../../src/shared/runs.ts';

const figures: RunFigures = {
  headers: null,
  firstByte: null,
  ttft: null,
  ttfo: null,
  lastContent: null,
  e2e: null,
  itl: null,
  tps: null,
  e2eTps: null,
  tokens: null,
};

const complete = { kind: 'complete', code: 'end/complete', message: 'Complete.' } as const;

/** A run that ended complete and of which nothing else is known, but for what is said. */
export function runWith({
  figures: known = {},
  ...said
}: Partial<Omit<Run, 'figures'>> & { figures?: Partial<RunFigures> }): Run {
  return {
    n: 0,
    recordingId: '20261121-105900-abcdef',
    startedMicros: 0,
    ending: complete,
    status: 200,
    framing: 'sse',
    dialect: 'openai-chat',
    model: null,
    figures: { ...figures, ...known },
    tokens: null,
    diagnostics: { error: 0, warning: 0, info: 0 },
    streamErrors: 0,
    isTerminated: null,
    reconnections: 0,
    uncertaintyMicros: null,
    ...said,
  };
}
