import type { ProxyRoute } from '../../../shared/proxy.ts';

export interface BuiltInRoute extends ProxyRoute {
  /** Path of the base URL that clients of this upstream take. */
  readonly basePath: string;
  /** Variables that clients read their base URL from, with the path they expect behind the route. */
  readonly environment: readonly { readonly name: string; readonly path: string; readonly readBy: string }[];
  /** How the provider's own client is told, where it reads no variable; `at`: its base URL. */
  readonly inCode?: { readonly client: string; readonly line: (at: string) => string };
  /** What has to be said before it leads anywhere, one sentence; absent: it leads to `upstream`. */
  readonly missing?: string;
}

const openAiClients = 'the clients of OpenAI';
/** Of an upstream that is spoken to with OpenAI's client. */
const asOpenAi = (path: string): BuiltInRoute['environment'][number] => ({
  name: 'OPENAI_BASE_URL',
  path,
  readBy: openAiClients,
});

/**
 * Routes that are there without being asked for. Each variable was found in the source of the client that is named; the
 * route of a provider whose client reads none says what to write in code.
 */
export const builtInRoutes: readonly BuiltInRoute[] = [
  {
    name: 'openai',
    upstream: 'https://api.openai.com',
    basePath: '/v1',
    environment: [asOpenAi('/v1')],
  },
  {
    name: 'anthropic',
    upstream: 'https://api.anthropic.com',
    basePath: '',
    environment: [{ name: 'ANTHROPIC_BASE_URL', path: '', readBy: 'the clients of Anthropic' }],
  },
  {
    name: 'gemini',
    upstream: 'https://generativelanguage.googleapis.com',
    basePath: '',
    environment: [{ name: 'GOOGLE_GEMINI_BASE_URL', path: '', readBy: 'Google’s @google/genai' }],
  },
  {
    name: 'ollama',
    upstream: 'http://127.0.0.1:11434',
    basePath: '',
    environment: [{ name: 'OLLAMA_HOST', path: '', readBy: 'the program ollama and its client for Python' }],
    inCode: { client: 'ollama for JavaScript', line: (at) => `new Ollama({ host: "${at}" })` },
  },
  {
    name: 'openrouter',
    upstream: 'https://openrouter.ai',
    basePath: '/api/v1',
    environment: [asOpenAi('/api/v1')],
    inCode: { client: 'OpenRouter’s provider for the AI SDK', line: (at) => `createOpenRouter({ baseURL: "${at}" })` },
  },
  {
    name: 'mistral',
    upstream: 'https://api.mistral.ai',
    basePath: '',
    environment: [asOpenAi('/v1')],
    inCode: { client: 'Mistral’s client', line: (at) => `new Mistral({ serverURL: "${at}" })` },
  },
  {
    name: 'cohere',
    upstream: 'https://api.cohere.com',
    basePath: '',
    environment: [{ name: 'CO_API_URL', path: '', readBy: 'Cohere’s client for Python' }],
    inCode: { client: 'Cohere for JavaScript', line: (at) => `new CohereClient({ environment: "${at}" })` },
  },
  {
    name: 'groq',
    upstream: 'https://api.groq.com',
    basePath: '',
    environment: [{ name: 'GROQ_BASE_URL', path: '', readBy: 'the clients of Groq' }, asOpenAi('/openai/v1')],
  },
  {
    name: 'xai',
    upstream: 'https://api.x.ai',
    basePath: '/v1',
    environment: [asOpenAi('/v1')],
  },
  {
    name: 'deepseek',
    upstream: 'https://api.deepseek.com',
    basePath: '/v1',
    environment: [asOpenAi('/v1')],
  },
  {
    name: 'azure',
    upstream: 'https://YOUR-RESOURCE.openai.azure.com',
    basePath: '',
    environment: [{ name: 'AZURE_OPENAI_ENDPOINT', path: '', readBy: 'AzureOpenAI of OpenAI’s clients' }],
    missing:
      'Every resource of Azure OpenAI has an address of its own. Give the route yours: --route azure=https://YOUR-RESOURCE.openai.azure.com, or a route named azure in the window.',
  },
];
