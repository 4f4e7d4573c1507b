import type { Delta } from './delta.ts';
import { asObject, type JsonObject } from './jsonValue.ts';

/** Factor to microseconds by the ending of a member's name; providers write the unit into it, or mean seconds. */
function microsPer(name: string): number | undefined {
  if (name.endsWith('_ms')) return 1_000;
  if (name.endsWith('_time') || name === 'time_to_first_token' || name === 'total_latency') return 1_000_000;
  return undefined;
}

function timings(values: JsonObject, out: Delta[]): void {
  for (const [name, value] of Object.entries(values)) {
    const factor = microsPer(name);
    if (factor === undefined || typeof value !== 'number' || !Number.isFinite(value)) continue;
    out.push({ type: 'timing', name, micros: Math.round(value * factor) });
  }
}

/** llama.cpp's `timings` (milliseconds) and Cerebras' `time_info` (seconds). */
export function chatTimings(chunk: JsonObject, out: Delta[]): void {
  const own = asObject(chunk.timings) ?? asObject(chunk.time_info);
  if (own !== undefined) timings(own, out);
}

/** Times inside usage: Groq (seconds), Azure's `latency_checkpoint`, GPUStack and SambaNova. */
export function usageTimings(usage: JsonObject, out: Delta[]): void {
  timings(usage, out);
  const checkpoint = asObject(usage.latency_checkpoint);
  if (checkpoint !== undefined) timings(checkpoint, out);
}
