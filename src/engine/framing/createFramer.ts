import type { Framing } from '../../shared/words.ts';
import { AwsEventstreamScanner } from './awsEventstream.ts';
import { BinaryFramer } from './binaryFramer.ts';
import { FrameEmitter } from './frameEmitter.ts';
import type { ByteProbes, Framer, FrameSink } from './framer.ts';
import { JsonScanner, jsonShapes, type JsonShape } from './json.ts';
import type { JsonLimits } from './jsonLimits.ts';
import { parseJsonPath } from './jsonPath.ts';
import { JsonPathScanner } from './jsonPathScanner.ts';
import { JsonSeqScanner } from './jsonSeq.ts';
import { MultipartScanner } from './multipart.ts';
import { declaredBoundary } from './multipartBoundary.ts';
import { NdjsonScanner } from './ndjson.ts';
import { ScanningFramer, type BodyScanner } from './scanningFramer.ts';
import { SseScanner } from './sse.ts';
import { TextScanner } from './text.ts';

export interface FramerOptions {
  readonly limits: JsonLimits;
  /** `json` only: a `JsonShape`; null or absent: found out from the first bytes. */
  readonly shape?: string | null;
  /** `json` only: where the elements are, as `parseJsonPath` reads it; takes the place of the shape. */
  readonly jsonPath?: string | null;
  /** `multipart` only: the Content-Type, for its boundary; without one it is found out from the body. */
  readonly contentType?: string | null;
}

type BuildScanner = (emitter: FrameEmitter, options: FramerOptions) => BodyScanner;

const scanners: Readonly<Record<Framing, BuildScanner>> = {
  sse: (emitter) => new SseScanner(emitter),
  ndjson: (emitter, { limits }) => new NdjsonScanner(emitter, limits),
  json: buildJson,
  'json-seq': (emitter, { limits }) => new JsonSeqScanner(emitter, limits),
  'aws-eventstream': (emitter) => new AwsEventstreamScanner(emitter),
  multipart: (emitter, { limits, contentType }) => new MultipartScanner(emitter, limits, declaredBoundary(contentType)),
  text: (emitter) => new TextScanner(emitter),
};

/**
 * Makes the framer of one body.
 * @param probes native speed-ups; without them the same result, slower
 */
export function createFramer(framing: Framing, options: FramerOptions, sink: FrameSink, probes?: ByteProbes): Framer {
  const isUtf8 = probes === undefined ? undefined : (bytes: Uint8Array): boolean => probes.isUtf8(bytes);
  const emitter = new FrameEmitter(sink, isUtf8);
  const scanner = scanners[framing](emitter, options);
  if (framing === 'aws-eventstream') return new BinaryFramer(scanner, emitter);
  return new ScanningFramer(scanner, emitter, framing !== 'multipart');
}

function buildJson(emitter: FrameEmitter, { limits, shape, jsonPath }: FramerOptions): BodyScanner {
  const path = jsonPath === null || jsonPath === undefined ? undefined : parseJsonPath(jsonPath);
  // One that cannot be read was refused where it was given, so it can only come from a damaged recording.
  if (path?.ok !== true || path.value.length === 0) return new JsonScanner(emitter, limits, knownShape(shape));
  return new JsonPathScanner(emitter, limits, path.value);
}

function knownShape(shape: string | null | undefined): JsonShape {
  return jsonShapes.find((known) => known === shape) ?? 'auto';
}
