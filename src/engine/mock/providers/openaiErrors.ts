import type { WholeAnswer } from '../answer.ts';
import type { PlanFailure } from './answerPlan.ts';
import type { IdSource } from './ids.ts';
import { compactJson, retryHeaders } from './providerEndpoint.ts';

interface OpenaiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** OpenAI's error object, which most of those have who copied its API. */
export function openaiError({ status, message }: PlanFailure): OpenaiError {
  switch (status) {
    case 400:
      return { message, type: 'invalid_request_error', param: null, code: 'invalid_value' };
    case 401:
      return { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' };
    case 403:
      return { message, type: 'invalid_request_error', param: null, code: 'model_not_allowed' };
    case 404:
      return { message, type: 'invalid_request_error', param: null, code: 'model_not_found' };
    case 429:
      return { message, type: 'tokens', param: null, code: 'rate_limit_exceeded' };
    default:
      return { message, type: 'server_error', param: null, code: status === 500 ? null : 'server_overloaded' };
  }
}

export function openaiFailure(failure: PlanFailure, ids: IdSource): WholeAnswer {
  return compactJson(failure.status, { error: openaiError(failure) }, [
    ...retryHeaders(failure.status),
    ['X-Request-Id', ids.id('req_', 24)],
  ]);
}
