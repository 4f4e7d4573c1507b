import { assertNever } from '../../../shared/assertNever.ts';
import { headerValue } from '../../../shared/headerValue.ts';
import { errorAnswer, type MockAnswer, type MockHeader, type StreamAnswer } from '../answer.ts';
import { textStep } from '../step.ts';
import type { WireChanges } from '../wireChanges.ts';
import { type BodyFault, withBodyFault } from './bodyFault.ts';
import type { BadCertificate, BodyCircumstances, FaultEffect } from './effect.ts';
import type { MockFault } from './parseFaults.ts';

export interface FaultCircumstances {
  /** As it was asked for, fault included. */
  readonly target: string;
  /** The same target on the port with that certificate, without the fault; null: there is none. */
  certificateUrl(certificate: BadCertificate): string | null;
}

/** An answer with faults in it, in the order in which they were asked for. */
export function applyFaults(
  answer: MockAnswer,
  faults: readonly MockFault[],
  circumstances: FaultCircumstances,
): MockAnswer {
  return faults.reduce<MockAnswer>(
    (before, { definition, argument, place }) => applyEffect(before, definition.effect(argument, place), circumstances),
    answer,
  );
}

/** What faults do to a body that comes from elsewhere, in order; empty: nothing. */
export function bodyFaults(faults: readonly MockFault[], circumstances: BodyCircumstances): readonly BodyFault[] {
  return effectsOf(faults).flatMap((effect) => (effect.kind === 'body' ? [effect.make(circumstances)] : []));
}

/** What faults do to a head and to the framing of a body that come from elsewhere. */
export function wireFaults(faults: readonly MockFault[]): WireChanges {
  return effectsOf(faults).reduce<WireChanges>(
    (before, effect) => (effect.kind === 'wire' ? merged(before, effect.changes) : before),
    {},
  );
}

function effectsOf(faults: readonly MockFault[]): readonly FaultEffect[] {
  return faults.map(({ definition, argument, place }) => definition.effect(argument, place));
}

function applyEffect(answer: MockAnswer, effect: FaultEffect, circumstances: FaultCircumstances): MockAnswer {
  switch (effect.kind) {
    case 'status':
      return errorAnswer(effect.status, 'asked-for', effect.message, {}, effect.headers);
    case 'redirect-loop':
      return redirect(302, circumstances.target);
    case 'certificate': {
      const url = circumstances.certificateUrl(effect.certificate);
      if (url !== null) return redirect(307, url);
      return errorAnswer(503, 'no-certificate', 'There is no port with such a certificate at the moment.');
    }
    case 'wire':
      return changed(answer, effect.changes);
    case 'body': {
      const { length: _length, ...stream } = streamOf(answer);
      const fault = effect.make({ contentType: headerValue(stream.headers, 'content-type') });
      return { ...stream, steps: withBodyFault(stream.steps, fault) };
    }
    case 'coding': {
      const { length: _length, ...stream } = streamOf(answer);
      const coding = { name: effect.name, flushes: true };
      return changed({ ...stream, coding }, effect.fault === undefined ? {} : { coding: effect.fault });
    }
    case 'claimed-coding': {
      const stream = streamOf(answer);
      return { ...stream, headers: [...stream.headers, ['Content-Encoding', effect.value]] };
    }
    case 'trailers': {
      const { length: _length, ...stream } = streamOf(answer);
      return { ...stream, trailers: [...(stream.trailers ?? []), ...effect.trailers] };
    }
    default:
      return assertNever(effect, 'fault effect');
  }
}

/** A whole answer as a stream of one step. */
function streamOf(answer: MockAnswer): StreamAnswer {
  if (answer.kind === 'stream') return answer;
  const { status, headers, text } = answer;
  const step = textStep(0, text);
  return { kind: 'stream', status, headers, steps: [step], length: step.bytes.length };
}

function changed(answer: MockAnswer, changes: WireChanges): StreamAnswer {
  const stream = streamOf(answer);
  return { ...stream, wire: merged(stream.wire ?? {}, changes) };
}

function merged(before: WireChanges, changes: WireChanges): WireChanges {
  const fields = [...(before.fields ?? []), ...(changes.fields ?? [])];
  const rawLines = (before.rawLines ?? '') + (changes.rawLines ?? '');
  return {
    ...before,
    ...changes,
    ...(fields.length > 0 && { fields }),
    ...(rawLines !== '' && { rawLines }),
  };
}

function redirect(status: number, location: string): MockAnswer {
  const headers: readonly MockHeader[] = [
    ['Location', location],
    ['Cache-Control', 'no-store'],
  ];
  return { kind: 'whole', status, headers, text: '' };
}
