import { bodyFaults, wireFaults } from '../../../engine/mock/faults/applyFaults.ts';
import type { BodyFault } from '../../../engine/mock/faults/bodyFault.ts';
import type { BodyCircumstances } from '../../../engine/mock/faults/effect.ts';
import { parseMockFaults, type MockFault } from '../../../engine/mock/faults/parseFaults.ts';
import { failed, succeeded, type Outcome } from '../../../shared/failure.ts';
import { grouped } from '../../../shared/grouped.ts';
import type { Interventions } from '../../../shared/proxy.ts';

/** What is done to one exchange on its way to the client. */
export interface InterventionPlan {
  /** One sentence for each thing that is done. */
  readonly sentences: readonly string[];
  /** Silence before the head. */
  readonly headDelayMillis: number;
  readonly bytesPerSecond: number | null;
  /** The connection is lost before the head; null: it is not. */
  readonly headBreak: 'close' | 'reset' | null;
  /** An error in place of the upstream’s answer, who is not asked then. */
  readonly answer: { readonly status: number; readonly message: string } | null;
  /** What is done to the body, piece by piece. */
  bodyFaults(circumstances: BodyCircumstances): readonly BodyFault[];
}

/** Looks at what is asked for before it is taken: a fault that cannot be done to a stream that passes is refused. */
export function checkedInterventions(interventions: Interventions): Outcome<Interventions> {
  if (interventions.fault === null) return succeeded(interventions);
  const faults = readFaults(interventions.fault.fault);
  return faults.ok ? succeeded(interventions) : faults;
}

function readFaults(text: string): Outcome<readonly MockFault[]> {
  const invalid = (message: string): Outcome<readonly MockFault[]> =>
    failed({ code: 'proxy/invalid-intervention', message });
  const read = parseMockFaults(text);
  if (!read.ok) {
    return invalid(read.suggestion === null ? read.message : `${read.message} Do you mean ${read.suggestion}?`);
  }
  const impossible = read.value.find((fault) => !isPossible(fault));
  if (impossible === undefined) return read;
  const { name } = impossible.definition;
  return invalid(
    `The fault “${name}” is one of an answer that the mock server makes itself; an answer that passes cannot be given it.`,
  );
}

function isPossible({ definition, argument, place }: MockFault): boolean {
  const effect = definition.effect(argument, place);
  switch (effect.kind) {
    case 'body':
      return definition.protocols.includes('http/1.1');
    case 'status':
      return true;
    case 'wire': {
      const { headDelayMillis: _delay, headBreak: _break, ...others } = effect.changes;
      return Object.keys(others).length === 0;
    }
    default:
      return false;
  }
}

/**
 * What is to be done to an exchange; null: nothing.
 * @param withFault the fault is for this request too
 */
export function interventionPlan(interventions: Interventions, withFault: boolean): InterventionPlan | null {
  const { latencyMillis, bytesPerSecond, cutAfterFrames, fault } = interventions;
  const asked = withFault && fault !== null ? fault.fault : null;
  const faults = asked === null ? [] : faultsOf(asked);
  const cut = cutAfterFrames === null ? [] : faultsOf(`reset@frame:${String(cutAfterFrames)}`);
  const sentences = [
    ...(latencyMillis === 0 ? [] : [`The head was held back for ${grouped(latencyMillis)} ms.`]),
    ...(bytesPerSecond === null
      ? []
      : [`The client got at most ${grouped(bytesPerSecond)} bytes of the body a second.`]),
    ...(cutAfterFrames === null
      ? []
      : [
          `The connection to the client was to be reset after ${grouped(cutAfterFrames)} ${cutAfterFrames === 1 ? 'frame' : 'frames'}.`,
        ]),
    ...(asked === null ? [] : [`The fault ${asked} was put into what the client got.`]),
  ];
  if (sentences.length === 0) return null;
  const wire = wireFaults(faults);
  const status = faults
    .map(({ definition, argument, place }) => definition.effect(argument, place))
    .find(({ kind }) => kind === 'status');
  return {
    sentences,
    headDelayMillis: latencyMillis + (wire.headDelayMillis ?? 0),
    bytesPerSecond,
    headBreak: wire.headBreak === undefined ? null : wire.headBreak.kind === 'reset' ? 'reset' : 'close',
    answer: status?.kind === 'status' ? { status: status.status, message: status.message } : null,
    bodyFaults: (circumstances) => [...bodyFaults(faults, circumstances), ...bodyFaults(cut, circumstances)],
  };
}

function faultsOf(text: string): readonly MockFault[] {
  const read = readFaults(text);
  return read.ok ? read.value : [];
}
