import type { MockFaultDescription } from '../../../shared/mock.ts';
import { certificateFaults } from './certificateFaults.ts';
import { codingFaults } from './codingFaults.ts';
import { contentFaults } from './contentFaults.ts';
import type { FaultDefinition } from './definition.ts';
import { endFaults } from './endFaults.ts';
import { headFaults } from './headFaults.ts';
import { http2Faults } from './http2Faults.ts';
import { placeForms } from './place.ts';

/** Every fault that the mock server performs, in the order in which it lists them. */
export const faultDefinitions: readonly FaultDefinition[] = Object.freeze([
  ...endFaults,
  ...headFaults,
  ...codingFaults,
  ...http2Faults,
  ...certificateFaults,
  ...contentFaults,
]);

/** The catalogue as the contract describes it. */
export const faultDescriptions: readonly MockFaultDescription[] = Object.freeze(
  faultDefinitions.map(({ name, sentence, argument, places, protocols, example }) => ({
    name,
    sentence,
    argument: argument?.allowed ?? null,
    places: places.map((kind) => placeForms[kind]),
    protocols,
    example,
  })),
);
