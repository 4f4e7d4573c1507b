import type { DialectFrame, DialectHints } from './dialect.ts';
import { asList, asObject, isObject, type JsonObject } from './jsonValue.ts';

/** Who speaks Chat Completions, by members that only they send. The first that fits. */
export function chatVariant({ json }: DialectFrame): string | null {
  if (!isObject(json)) return null;
  const choice = asObject(asList(json.choices)[0]);
  const usage = asObject(json.usage);
  const delta = asObject(choice?.delta);
  const id = typeof json.id === 'string' ? json.id : '';
  if ('x_groq' in json) return 'groq';
  if ('prompt_filter_results' in json || has(choice, 'content_filter_results')) return 'azure-openai';
  if (id.startsWith('gen_') || 'generationId' in json || has(delta, 'provider_metadata')) return 'vercel-ai-gateway';
  if (id.startsWith('gen-') || ('provider' in json && has(choice, 'native_finish_reason'))) return 'openrouter';
  if ('citations' in json || 'search_results' in json) return 'perplexity';
  if ('timings' in json || 'prompt_progress' in json) return 'llamacpp';
  if (has(usage, 'prompt_cache_hit_tokens')) return 'deepseek';
  if (has(usage, 'num_sources_used') || has(usage, 'cost_in_usd_ticks')) return 'xai';
  if ('graph_data' in json || 'llm_data' in json || has(delta, 'graph_data') || has(choice, 'message')) return 'writer';
  if ('time_info' in json) return 'cerebras';
  if ('sla_metrics' in json) return 'nebius';
  if (has(choice, 'matched_stop')) return 'sglang';
  if (has(choice, 'stop_reason') || 'prompt_token_ids' in json || has(choice, 'token_ids')) return 'vllm';
  if ('p' in json) return 'mistral';
  return byFingerprint(json, id);
}

function has(object: JsonObject | undefined, member: string): boolean {
  return object !== undefined && member in object;
}

function byFingerprint(json: JsonObject, id: string): string | null {
  const fingerprint = typeof json.system_fingerprint === 'string' ? json.system_fingerprint : '';
  if (fingerprint === 'fp_ollama') return 'ollama';
  if (/^b\d+-[0-9a-f]+$/.test(fingerprint)) return 'llamacpp';
  if (/^\d+\.\d+\.\d+-(sha-|native)/.test(fingerprint) || fingerprint.endsWith('-native')) return 'tgi';
  if ('obfuscation' in json && id.startsWith('chatcmpl-')) return 'openai';
  return null;
}

/** Ends of host names, and headers that only one provider sends. */
const hosts: readonly (readonly [host: string, variant: string])[] = [
  ['api.openai.com', 'openai'],
  ['.openai.azure.com', 'azure-openai'],
  ['.services.ai.azure.com', 'azure-openai'],
  ['.cognitiveservices.azure.com', 'azure-openai'],
  ['openrouter.ai', 'openrouter'],
  ['ai-gateway.vercel.sh', 'vercel-ai-gateway'],
  ['api.deepseek.com', 'deepseek'],
  ['api.groq.com', 'groq'],
  ['api.x.ai', 'xai'],
  ['api.together.xyz', 'together'],
  ['api.together.ai', 'together'],
  ['api.fireworks.ai', 'fireworks'],
  ['api.cerebras.ai', 'cerebras'],
  ['api.perplexity.ai', 'perplexity'],
  ['.huggingface.co', 'huggingface'],
  ['api.mistral.ai', 'mistral'],
  ['api.z.ai', 'zai'],
  ['open.bigmodel.cn', 'zai'],
  ['api.moonshot.ai', 'moonshot'],
  ['api.moonshot.cn', 'moonshot'],
  ['.aliyuncs.com', 'alibaba'],
  ['api.writer.com', 'writer'],
  ['.snowflakecomputing.com', 'snowflake-cortex'],
  ['api.githubcopilot.com', 'github-copilot'],
  ['api.sambanova.ai', 'sambanova'],
  ['api.studio.nebius.ai', 'nebius'],
  ['api.novita.ai', 'novita'],
  ['.avian.io', 'avian'],
];

export function chatVariantOfHints({ url, headers }: DialectHints): string | null {
  if (headers.has('x-groq-region') || headers.has('x-groq-request-id')) return 'groq';
  if (headers.has('azureml-model-session') || headers.has('apim-request-id')) return 'azure-openai';
  if (headers.has('x-generation-id')) return 'openrouter';
  if (headers.has('x-compute-type')) return 'huggingface';
  if (headers.has('fireworks-server-time-to-first-token')) return 'fireworks';
  if (url === null || !URL.canParse(url)) return null;
  const { hostname } = new URL(url);
  const isOf = (host: string): boolean =>
    hostname === host || hostname.endsWith(host.startsWith('.') ? host : `.${host}`);
  return hosts.find(([host]) => isOf(host))?.[1] ?? null;
}
