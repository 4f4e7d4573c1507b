import type { FinishMeaning } from '../../shared/message.ts';

/** Finish reasons of all dialects in lower case; what is not listed means `other`. */
const meanings: Readonly<Record<string, FinishMeaning>> = {
  stop: 'end',
  end_turn: 'end',
  stop_sequence: 'end',
  completed: 'end',
  complete: 'end',
  eos: 'end',
  eos_token: 'end',
  finish: 'end',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  max_output_tokens: 'length',
  limit: 'length',
  model_context_window_exceeded: 'length',
  tool_calls: 'tools',
  tool_call: 'tools',
  tool_use: 'tools',
  'tool-calls': 'tools',
  function_call: 'tools',
  requires_action: 'tools',
  content_filter: 'filter',
  'content-filter': 'filter',
  content_filtered: 'filter',
  guardrail_intervened: 'filter',
  sensitive: 'filter',
  safety: 'filter',
  recitation: 'filter',
  blocklist: 'filter',
  prohibited_content: 'filter',
  spii: 'filter',
  image_safety: 'filter',
  refusal: 'refusal',
  error: 'error',
  failed: 'error',
  network_error: 'error',
};

export function finishMeaning(reason: string): FinishMeaning {
  const word = reason.toLowerCase();
  return Object.hasOwn(meanings, word) ? (meanings[word] ?? 'other') : 'other';
}
