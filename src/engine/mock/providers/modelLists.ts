import type { MockEndpoint } from '../endpoint.ts';
import { defineEndpoint } from '../endpoint.ts';
import { createdSeconds } from './answerPlan.ts';
import { mockModels } from './behaviours.ts';
import { compactJson } from './providerEndpoint.ts';

const createdAt = new Date(createdSeconds * 1000).toISOString();

function list(group: string, path: string, value: object): MockEndpoint {
  return defineEndpoint({
    method: 'GET',
    group,
    path,
    title: 'The models; each is named after what its answers do.',
    example: path,
    knobs: {},
    takesOtherParameters: true,
    answer: () => compactJson(200, value),
  });
}

const ofOpenai = {
  object: 'list',
  data: mockModels.map((id) => ({ id, object: 'model', created: createdSeconds, owned_by: 'streamscope' })),
};

/** The lists that clients ask for before they offer a choice. */
export const modelLists: readonly MockEndpoint[] = [
  list('OpenAI', '/openai/v1/models', ofOpenai),
  list('Anthropic', '/anthropic/v1/models', {
    data: mockModels.map((id) => ({ type: 'model', id, display_name: id, created_at: createdAt })),
    has_more: false,
    first_id: mockModels[0],
    last_id: mockModels.at(-1),
  }),
  list('Gemini', '/gemini/v1beta/models', {
    models: mockModels.map((id) => ({
      name: `models/${id}`,
      displayName: id,
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
    })),
  }),
  list('Ollama', '/ollama/api/tags', {
    models: mockModels.map((id) => ({
      name: id,
      model: id,
      modified_at: createdAt,
      size: 0,
      digest: '0'.repeat(64),
      details: { format: 'mock', family: 'mock', families: ['mock'], parameter_size: '0', quantization_level: 'none' },
    })),
  }),
  list('Ollama', '/ollama/v1/models', ofOpenai),
  list('Mistral', '/mistral/v1/models', ofOpenai),
  list('OpenRouter', '/openrouter/api/v1/models', {
    data: mockModels.map((id) => ({ id, name: id, created: createdSeconds })),
  }),
];
