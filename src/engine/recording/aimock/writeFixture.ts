import type { FinishMeaning } from '../../../shared/message.ts';
import type { Ending } from '../../../shared/recording.ts';
import type { Micros } from '../../../shared/words.ts';
import type { Assembly } from '../../dialects/assemble.ts';
import type { RequestConversation } from '../../dialects/conversation.ts';
import { isObject } from '../../dialects/jsonValue.ts';

/** What a fixture is made of. */
export interface FixtureSource {
  readonly message: Assembly;
  /** What was asked; null where the request is none of a known shape. */
  readonly asked: RequestConversation | null;
  readonly status: number | null;
  /** When each frame with content came, in order; null where times are not known. */
  readonly contentMicros: readonly Micros[] | null;
  readonly ending: Ending | null;
  /** Texts as they may be given out. */
  readonly given: (text: string) => string;
}

const millis = (micros: Micros): number => Math.round(micros) / 1_000;

/** Finish reasons as OpenAI writes them: aimock translates them for each provider. */
const finishWords: Readonly<Record<FinishMeaning, string | null>> = {
  end: 'stop',
  length: 'length',
  tools: 'tool_calls',
  filter: 'content_filter',
  refusal: 'content_filter',
  error: null,
  other: null,
};

/**
 * A recorded answer as a fixture file of aimock (`{"fixtures":[{match, response, …}]}`): matched by the last thing the
 * user said, answered with the first choice's text, reasoning and calls, at the recorded pace.
 */
export function aimockFixture(source: FixtureSource): string {
  const fixture = {
    match: matchOf(source),
    response: responseOf(source),
    ...paceOf(source),
  };
  return `${JSON.stringify({ fixtures: [fixture] }, null, 2)}\n`;
}

function matchOf({ asked, given }: FixtureSource): object {
  const turns = asked?.turns ?? [];
  const last = turns.findLastIndex(({ role }) => role === 'user');
  const text = turns[last]?.text ?? '';
  return {
    ...(text === '' ? {} : { userMessage: given(text) }),
    // Whoever asks with the result of a tool gets the answer to that.
    ...(last >= 0 && turns.slice(last + 1).some(({ role }) => role === 'tool') ? { hasToolResult: true } : {}),
  };
}

function responseOf({ message, status, given }: FixtureSource): object {
  const choice = message.choice(0);
  const calls = (choice?.calls ?? []).filter(({ runs }) => runs === 'client');
  const said = (choice?.text.text ?? '') === '' ? (choice?.refusal.text ?? '') : (choice?.text.text ?? '');
  const [error] = message.errors;
  if (error !== undefined && said === '' && calls.length === 0) {
    return {
      error: { message: given(error.message), ...(error.code === null ? {} : { code: given(error.code) }) },
      status: status !== null && status >= 400 ? status : 500,
    };
  }
  const reasoning = choice?.reasoning.text ?? '';
  const finish = choice?.finish === undefined || choice.finish === null ? null : finishWords[choice.finish.meaning];
  return {
    ...(said === '' && calls.length > 0 ? {} : { content: given(said) }),
    ...(calls.length === 0
      ? {}
      : {
          toolCalls: calls.map(({ id, name, argumentsText }) => ({
            name: given(name ?? ''),
            arguments: given(argumentsText),
            ...(id === null ? {} : { id: given(id) }),
          })),
        }),
    ...(reasoning === '' ? {} : { reasoning: given(reasoning) }),
    ...(message.id === null ? {} : { id: given(message.id) }),
    ...(message.model === null ? {} : { model: given(message.model) }),
    ...(finish === null ? {} : { finishReason: finish }),
    ...usageOf(message),
  };
}

/** The provider's own names and numbers; aimock takes no other members. */
function usageOf({ usage }: Assembly): object {
  const raw = usage?.delta.raw;
  if (!isObject(raw)) return {};
  const numbers = Object.entries(raw).filter(([, value]) => typeof value === 'number' && Number.isFinite(value));
  return numbers.length === 0 ? {} : { usage: Object.fromEntries(numbers) };
}

/** aimock cuts the text anew: into pieces as long as those that came were on the whole. */
function paceOf({ message, contentMicros, ending }: FixtureSource): object {
  const [first] = contentMicros ?? [];
  if (contentMicros === null || first === undefined) return {};
  const last = contentMicros.at(-1) ?? first;
  return {
    chunkSize: Math.max(1, Math.round(message.contentUnits / contentMicros.length)),
    recordedTimings: {
      ttftMs: millis(first),
      interChunkDelaysMs: contentMicros.slice(1).map((micros, i) => millis(micros - (contentMicros[i] ?? micros))),
      totalDurationMs: millis(last),
    },
    ...(ending?.kind === 'cut' ? { disconnectAfterMs: Math.max(1, Math.ceil(millis(ending.atMicros))) } : {}),
  };
}
