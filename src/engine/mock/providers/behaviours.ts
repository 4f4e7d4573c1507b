import type { Asked } from './asked.ts';

/**
 * What an answer does. `auto` reads it off the request. The errors with a status come instead of a stream, `error`
 * comes in the middle of one.
 */
export const behaviours = [
  'auto',
  'text',
  'reasoning',
  'tools',
  'parallel-tools',
  'refusal',
  'filter',
  'length',
  'error',
  'error-400',
  'error-401',
  'error-403',
  'error-404',
  'error-429',
  'error-500',
  'error-503',
  'error-529',
] as const;

export type Behaviour = (typeof behaviours)[number];
export type ChosenBehaviour = Exclude<Behaviour, 'auto'>;

/** Models that are listed; the name says what their answers do. */
export const mockModels: readonly string[] = behaviours.map((behaviour) =>
  behaviour === 'auto' ? 'mock-1' : `mock-${behaviour}`,
);

/**
 * The first that says something: the knob, the model's name (`mock-error-529`, with whatever before and behind it), a
 * word in the prompt (`[[tools]]`), tools that may be called, the wish for reasoning. A request that brings the results
 * of tools gets a final answer where it would have been told to call one: a loop that never ended would help nobody.
 */
export function chooseBehaviour(knob: Behaviour, asked: Asked): ChosenBehaviour {
  const said = knob === 'auto' ? (ofModel(asked.model) ?? ofPrompt(asked.prompt)) : knob;
  const callsTools = said === 'tools' || said === 'parallel-tools';
  if (said !== undefined && !(callsTools && asked.hasToolResults)) return said;
  if (asked.hasToolResults) return 'text';
  if (asked.tools.length > 0) return 'tools';
  return asked.wantsReasoning ? 'reasoning' : 'text';
}

/** The status of an answer that is an error from the start; null for a stream. */
export function statusOf(behaviour: ChosenBehaviour): number | null {
  const status = /^error-(\d{3})$/.exec(behaviour)?.[1];
  return status === undefined ? null : Number(status);
}

/** The longest names first: `parallel-tools` ends like `tools`, and `error-429` begins like `error`. */
const byLength = behaviours.filter(isChosen).sort((a, b) => b.length - a.length);

function isChosen(behaviour: Behaviour): behaviour is ChosenBehaviour {
  return behaviour !== 'auto';
}

function ofModel(model: string): ChosenBehaviour | undefined {
  return byLength.find((behaviour) => model.includes(`mock-${behaviour}`));
}

function ofPrompt(prompt: string): ChosenBehaviour | undefined {
  return byLength.find((behaviour) => prompt.includes(`[[${behaviour}]]`));
}
