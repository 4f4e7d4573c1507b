import { parseJsonPath } from '../../engine/framing/jsonPath.ts';
import { FailureError } from '../../shared/failure.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';
import type { Framing } from '../../shared/words.ts';

/** The user's choice of how bytes become frames; without a path the elements of JSON are detected. */
export interface FramingChoice {
  readonly framing: Framing | null;
  readonly jsonPath?: string | undefined;
}

/** @throws FailureError `request/invalid-json-path` for a path that cannot be read */
export function checkedChoice(framing: Framing | null, jsonPath: string | undefined): FramingChoice {
  if (jsonPath === undefined || jsonPath.trim() === '') return { framing };
  const path = parseJsonPath(jsonPath.trim());
  if (!path.ok) throw new FailureError(path.failure);
  return { framing, jsonPath: jsonPath.trim() };
}

/** The facts with another choice of framing. */
export function withFraming(facts: ExchangeFacts, { framing, jsonPath }: FramingChoice): ExchangeFacts {
  const { jsonPathOverride: _, ...others } = facts;
  return { ...others, framingOverride: framing, ...(jsonPath === undefined ? {} : { jsonPathOverride: jsonPath }) };
}
