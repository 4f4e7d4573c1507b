import { defineEndpoint, type MockEndpoint } from '../endpoint.ts';
import { answerScenario } from './answerScenario.ts';
import { explain } from './explain.ts';
import type { Scenario } from './model.ts';

const scenarioGroup = 'Scenarios';

/** Where a scenario is performed that names no path of its own. */
export function scenarioPath(scenario: Scenario, name: string): string {
  return scenario.path ?? `/scenarios/${name}`;
}

/** A scenario as an endpoint of the mock server. */
export function scenarioEndpoint(name: string, scenario: Scenario): MockEndpoint {
  const path = scenarioPath(scenario, name);
  const example = path.replace(/\{\w+\}/g, '1');
  const declared = Object.keys(scenario.knobs).length > 1;
  return defineEndpoint({
    method: scenario.method,
    path,
    title: scenario.title === '' ? explain(scenario) : `${scenario.title}. ${explain(scenario)}`,
    example,
    group: scenarioGroup,
    ...(scenario.method === 'POST' && { exampleBody: { prompt: 'What makes a good stream?' } }),
    knobs: scenario.knobs,
    ...((!declared || scenario.readsQuery) && { takesOtherParameters: true as const }),
    answer: (values, call) => answerScenario(scenario, values, call),
  });
}
