import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import type { DiagnosticDetails } from '../../../../src/engine/diagnostics/catalogue.ts';
import { createFramer } from '../../../../src/engine/framing/createFramer.ts';
import type { JsonShape } from '../../../../src/engine/framing/json.ts';
import type { JsonLimits } from '../../../../src/engine/framing/jsonLimits.ts';
import type { Place } from '../../../../src/shared/diagnostic.ts';
import { defaultLimits } from '../../../../src/shared/limits.ts';
import { frameFlag, frameKinds, type FrameKind, type Framing } from '../../../../src/shared/words.ts';

export interface CollectedDiagnostic {
  readonly code: string;
  readonly place: Place;
  readonly details: DiagnosticDetails;
}

export interface CollectedFrame {
  readonly kind: FrameKind;
  readonly offset: number;
  readonly length: number;
  readonly flags: number;
  readonly type: string;
  readonly text: string;
  readonly diagnostics: readonly CollectedDiagnostic[];
  /** Which push made it known; the number of pushes for `end`. */
  readonly push: number;
}

export interface Collected {
  readonly frames: readonly CollectedFrame[];
  /** Those that belong to no frame. */
  readonly diagnostics: readonly CollectedDiagnostic[];
  /** Every call on the sink in order, as text: what must not depend on the splitting. */
  readonly calls: readonly string[];
}

export interface CollectOptions {
  readonly shape?: JsonShape;
  readonly contentType?: string;
  readonly jsonPath?: string;
  readonly limits?: JsonLimits;
  /** False: the pure check of the encoding, as where a host lends none. */
  readonly nativeProbe?: boolean;
}

/** Feeds `pieces` to a framer and keeps everything it says. */
export function collect(framing: Framing, pieces: readonly Uint8Array[], options: CollectOptions = {}): Collected {
  const body = Buffer.concat(pieces);
  const frames: CollectedFrame[] = [];
  const diagnostics: CollectedDiagnostic[] = [];
  const calls: string[] = [];
  const names = [''];
  let pending: CollectedDiagnostic[] = [];
  let push = 0;
  const framer = createFramer(
    framing,
    {
      limits: options.limits ?? defaultLimits,
      shape: options.shape ?? null,
      contentType: options.contentType ?? null,
      jsonPath: options.jsonPath ?? null,
    },
    {
      frame(kindCode, offset, length, flags, typeId) {
        calls.push(`frame ${[kindCode, offset, length, flags, typeId].join(' ')}`);
        frames.push({
          kind: frameKinds[kindCode]!,
          offset,
          length,
          flags,
          type: names[typeId]!,
          text: body.toString('utf8', offset, offset + length),
          diagnostics: pending,
          push,
        });
        pending = [];
      },
      typeId(name) {
        const known = names.indexOf(name);
        if (known >= 0) return known;
        calls.push(`type ${name}`);
        return names.push(name) - 1;
      },
      diagnostic(code, place, details, belongsToNextFrame) {
        calls.push(`diagnostic ${JSON.stringify([code, place, details, belongsToNextFrame])}`);
        (belongsToNextFrame ? pending : diagnostics).push({ code, place, details });
      },
    },
    options.nativeProbe === false ? undefined : { isUtf8 },
  );
  for (const piece of pieces) {
    framer.push(piece);
    push++;
  }
  framer.end();
  if (pending.length > 0)
    throw new Error(`diagnostics were told for a frame that never came: ${JSON.stringify(pending)}`);
  return { frames, diagnostics, calls };
}

/** A whole text in one piece. */
export function collectText(framing: Framing, text: string, options: CollectOptions = {}): Collected {
  return collect(framing, [Buffer.from(text)], options);
}

/** `kind[/type][ dispatched]: text` of each frame, and the codes of its diagnostics. */
export function outline(collected: Collected): string[] {
  return collected.frames.map((frame) => {
    const type = frame.type === '' ? '' : `/${frame.type}`;
    const dispatched = (frame.flags & frameFlag.dispatched) === 0 ? '' : ' dispatched';
    const codes = frame.diagnostics.map(({ code }) => ` !${code}`).join('');
    return `${frame.kind}${type}${dispatched} ${JSON.stringify(frame.text)}${codes}`;
  });
}

/** Codes of all diagnostics, in order of frames, then those of the stream. */
export function codes(collected: Collected): string[] {
  return [...collected.frames.flatMap((frame) => frame.diagnostics), ...collected.diagnostics].map(({ code }) => code);
}

/** Cuts `body` at the given places. */
export function split(body: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.filter((cut) => cut > 0 && cut < body.length))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => body.subarray(from, places[i] ?? body.length));
}

export function byteByByte(body: Uint8Array): Uint8Array[] {
  return Array.from(body, (_, i) => body.subarray(i, i + 1));
}

/** Ten random splittings of a body, the same in each run. */
export function seededCuts(body: Uint8Array): readonly (readonly number[])[] {
  return fc.sample(fc.array(fc.nat(body.length), { maxLength: 20 }), { seed: 318, numRuns: 10 });
}
