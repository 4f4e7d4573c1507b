import type { ConversationTurn, TurnCall, TurnRole } from '../../shared/conversation.ts';
import { asText, isObject, type JsonObject } from './jsonValue.ts';

const textUnits = 16_384;
const argumentUnits = 4_096;
const callsAtMost = 100;
const turnsAtMost = 10_000;

/** What a request to a language model carries. */
export interface RequestConversation {
  readonly model: string | null;
  readonly turns: readonly RequestTurn[];
}

/** A turn with its whole text, to be compared. */
export interface RequestTurn {
  readonly role: TurnRole;
  readonly text: string;
  readonly calls: readonly { readonly name: string | null; readonly arguments: string }[];
  readonly media: number;
}

/**
 * The turns of a request body, by its shape: OpenAI chat, Responses and completions, Anthropic Messages, Gemini, Ollama,
 * Mistral chat and conversations, Cohere v1 and v2.
 * @returns null for a body that is none of them
 */
export function readConversation(body: string): RequestConversation | null {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const turns = turnsOf(value);
  if (turns === null) return null;
  return { model: typeof value['model'] === 'string' ? value['model'] : null, turns: joined(turns) };
}

/** True where `later` begins with all turns of `earlier`, goes on with an answer, and then says more. */
export function carriesOn(earlier: RequestConversation, later: RequestConversation): boolean {
  const { length } = earlier.turns;
  if (length === 0 || later.turns.length <= length) return false;
  if (later.turns[length]?.role !== 'assistant') return false;
  return earlier.turns.every((turn, i) => isSameTurn(turn, later.turns[i]));
}

/**
 * Turns of a request that are new after an exchange before it: without that request's turns and the answer to it.
 * @param before turns of the request before; 0 for the first
 */
export function newTurns({ turns }: RequestConversation, before: number): readonly RequestTurn[] {
  const from = before > 0 && turns[before]?.role === 'assistant' ? before + 1 : before;
  return turns.slice(from);
}

/** A turn as a window shows it, its texts cut to what is shown. */
export function shownTurn({ role, text, calls, media }: RequestTurn): ConversationTurn {
  return { role, text: text.slice(0, textUnits), length: text.length, calls: shownCalls(calls), media };
}

export function shownCalls(calls: readonly TurnCall[]): readonly TurnCall[] {
  return calls
    .slice(0, callsAtMost)
    .map((call) => ({ name: call.name, arguments: call.arguments.slice(0, argumentUnits) }));
}

function isSameTurn(a: RequestTurn, b: RequestTurn | undefined): boolean {
  if (b === undefined || a.role !== b.role || a.text !== b.text || a.media !== b.media) return false;
  if (a.calls.length !== b.calls.length) return false;
  return a.calls.every((call, i) => {
    const other = b.calls[i];
    return other !== undefined && call.name === other.name && call.arguments === other.arguments;
  });
}

function turnsOf(body: JsonObject): RequestTurn[] | null {
  const { messages, contents, input, inputs, prompt, message } = body;
  const system = systemTurn(body['system'] ?? body['instructions'] ?? body['preamble']);
  if (Array.isArray(messages)) return [...system, ...messages.slice(0, turnsAtMost).flatMap(messageTurns)];
  if (Array.isArray(contents)) {
    const told = body['systemInstruction'] ?? body['system_instruction'];
    return [
      ...systemTurn(isObject(told) ? told['parts'] : told),
      ...contents.slice(0, turnsAtMost).flatMap(geminiTurns),
    ];
  }
  const items = input ?? inputs;
  if (typeof items === 'string') return [...system, turn('user', items)];
  if (Array.isArray(items)) return [...system, ...items.slice(0, turnsAtMost).flatMap(itemTurns)];
  if (typeof message === 'string') {
    const history = Array.isArray(body['chat_history']) ? body['chat_history'] : [];
    return [...system, ...history.slice(0, turnsAtMost).flatMap(messageTurns), turn('user', message)];
  }
  return typeof prompt === 'string' ? [...system, turn('user', prompt)] : null;
}

function turn(role: TurnRole, text: string, calls: RequestTurn['calls'] = [], media = 0): RequestTurn {
  return { role, text, calls, media };
}

function systemTurn(value: unknown): RequestTurn[] {
  const { text } = contentOf(value);
  return text === '' ? [] : [turn('system', text)];
}

function roleOf(value: unknown): TurnRole {
  switch (typeof value === 'string' ? value.toLowerCase() : '') {
    case 'assistant':
    case 'model':
    case 'chatbot':
      return 'assistant';
    case 'system':
    case 'developer':
      return 'system';
    case 'tool':
    case 'function':
      return 'tool';
    default:
      return 'user';
  }
}

/** `{role, content, tool_calls}`; tool results among the content become turns of their own (Anthropic). */
function messageTurns(message: unknown): RequestTurn[] {
  if (!isObject(message)) return [];
  const role = roleOf(message['role']);
  const content = contentOf(message['content'] ?? message['message']);
  const listed = Array.isArray(message['tool_calls']) ? message['tool_calls'] : [];
  const calls = [...content.calls, ...listed.flatMap(functionCall)];
  const own =
    content.text === '' && calls.length === 0 && content.media === 0
      ? content.results.length > 0
        ? []
        : [turn(role, '')]
      : [turn(role, content.text, calls, content.media)];
  return [...content.results.map((text) => turn('tool', text)), ...own];
}

function functionCall(value: unknown): RequestTurn['calls'] {
  if (!isObject(value)) return [];
  const named = isObject(value['function']) ? value['function'] : value;
  return [call(named['name'], named['arguments'] ?? named['input'] ?? named['args'] ?? named['parameters'])];
}

function call(name: unknown, given: unknown): RequestTurn['calls'][number] {
  return { name: typeof name === 'string' ? name : null, arguments: asText(given) };
}

/** An item of OpenAI's Responses or of a Mistral conversation. */
function itemTurns(item: unknown): RequestTurn[] {
  if (typeof item === 'string') return [turn('user', item)];
  if (!isObject(item)) return [];
  const { type } = item;
  if (type === 'reasoning') return [];
  if (type === 'function_call' || type === 'function.call' || type === 'custom_tool_call') {
    return [turn('assistant', '', functionCall(item))];
  }
  const result = item['output'] ?? item['result'];
  if (result !== undefined) {
    const { text } = contentOf(result);
    return [turn('tool', text === '' ? asText(result) : text)];
  }
  return messageTurns(item);
}

function geminiTurns(content: unknown): RequestTurn[] {
  if (!isObject(content)) return [];
  const { text, calls, results, media } = contentOf(content['parts']);
  const own =
    text === '' && calls.length === 0 && media === 0 ? [] : [turn(roleOf(content['role']), text, calls, media)];
  return [...results.map((result) => turn('tool', result)), ...own];
}

interface Content {
  readonly text: string;
  readonly calls: RequestTurn['calls'];
  readonly results: readonly string[];
  readonly media: number;
}

/** Text, or a list of parts of which some are text. Thinking that is sent back is no turn's text. */
function contentOf(value: unknown): Content {
  if (typeof value === 'string') return { text: value, calls: [], results: [], media: 0 };
  const texts: string[] = [];
  const calls: RequestTurn['calls'][number][] = [];
  const results: string[] = [];
  let media = 0;
  for (const part of Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]) {
    if (typeof part === 'string') texts.push(part);
    if (!isObject(part)) continue;
    const { type, text, functionCall: asked, functionResponse: answered } = part;
    if (type === 'thinking' || type === 'redacted_thinking' || part['thought'] === true) continue;
    if (typeof text === 'string') texts.push(text);
    else if (typeof part['refusal'] === 'string') texts.push(part['refusal']);
    else if (type === 'tool_use') calls.push(call(part['name'], part['input']));
    else if (type === 'tool_result') results.push(resultText(part['content']));
    else if (isObject(asked)) calls.push(call(asked['name'], asked['args']));
    else if (isObject(answered)) results.push(asText(answered['response']));
    else media++;
  }
  return { text: texts.join('\n'), calls, results, media };
}

function resultText(value: unknown): string {
  const { text } = contentOf(value);
  return text === '' ? asText(value) : text;
}

/** Turns of an assistant one after the other are one: some APIs list its text and its calls apart. */
function joined(turns: readonly RequestTurn[]): readonly RequestTurn[] {
  const found: RequestTurn[] = [];
  for (const next of turns) {
    const last = found.at(-1);
    if (last?.role !== 'assistant' || next.role !== 'assistant') {
      found.push(next);
      continue;
    }
    const text = last.text === '' || next.text === '' ? last.text + next.text : `${last.text}\n${next.text}`;
    found[found.length - 1] = turn('assistant', text, [...last.calls, ...next.calls], last.media + next.media);
  }
  return found;
}
