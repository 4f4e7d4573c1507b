import { dialectNamed } from '../../engine/dialects/registry.ts';
import { parseJsonPath } from '../../engine/framing/jsonPath.ts';
import { FailureError } from '../../shared/failure.ts';
import type { ExchangeFacts } from '../../shared/recording.ts';
import type { Framing } from '../../shared/words.ts';

/** The user's choice of how bytes become frames, and what they mean; without a path the elements of JSON are detected. */
export interface FramingChoice {
  readonly framing: Framing | null;
  readonly jsonPath?: string | undefined;
  /** Undefined: as it was; null: detected. */
  readonly dialect?: string | null | undefined;
}

/**
 * @throws FailureError `request/invalid-json-path` for a path that cannot be read, `request/unknown-dialect` for a
 * dialect that there is not
 */
export function checkedChoice(
  framing: Framing | null,
  jsonPath: string | undefined,
  dialect?: string | null,
): FramingChoice {
  if (dialect !== undefined && dialect !== null && dialectNamed(dialect) === undefined) {
    throw new FailureError({
      code: 'request/unknown-dialect',
      message: `There is no dialect “${dialect}”. Choose one of the list, or generic:path for a text at a path.`,
      data: { dialect },
    });
  }
  if (jsonPath === undefined || jsonPath.trim() === '') return { framing, dialect };
  const path = parseJsonPath(jsonPath.trim());
  if (!path.ok) throw new FailureError(path.failure);
  return { framing, jsonPath: jsonPath.trim(), dialect };
}

/** The facts with another choice of framing and dialect. */
export function withFraming(facts: ExchangeFacts, choice: FramingChoice): ExchangeFacts {
  const { jsonPathOverride: _, dialectOverride, ...others } = facts;
  const { framing, jsonPath, dialect = dialectOverride ?? null } = choice;
  return {
    ...others,
    framingOverride: framing,
    ...(jsonPath === undefined ? {} : { jsonPathOverride: jsonPath }),
    ...(dialect === null ? {} : { dialectOverride: dialect }),
  };
}
