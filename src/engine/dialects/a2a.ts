import type { FinishMeaning } from '../../shared/message.ts';
import type { Delta } from './delta.ts';
import { evidence, type Dialect, type DialectDecoder, type DialectFrame } from './dialect.ts';
import { decodeOther } from './doneSign.ts';
import { errorOf } from './errors.ts';
import { asList, asName, asObject, asText, isObject, type JsonObject } from './jsonValue.ts';

/** Members of which a stream response has exactly one (A2A 1.0 §3.2.3). */
const kinds = ['task', 'message', 'statusUpdate', 'artifactUpdate'] as const;

/** States in which a task's stream is over, in 1.0's spelling without its prefix. */
const finalStates: Readonly<Record<string, FinishMeaning>> = {
  COMPLETED: 'end',
  FAILED: 'error',
  CANCELED: 'other',
  REJECTED: 'refusal',
  INPUT_REQUIRED: 'other',
  AUTH_REQUIRED: 'other',
};

/**
 * Agent2Agent, 1.0 and up to 0.3, bare or in JSON-RPC: tasks whose states and artifacts are updated. The text is that
 * of artifacts and of the agent's messages.
 */
export const a2a: Dialect = {
  name: 'a2a',
  title: 'Agent2Agent',
  payload: 'json',
  terminator: { by: 'finish', expected: 'a final state of the task' },
  hasFinish: true,
  hasUsage: false,
  hint: ({ url }) =>
    url !== null && /message[:/]stream|SendStreamingMessage/.test(url) ? evidence.strong : evidence.none,
  recognise: ({ json }: DialectFrame) => {
    if (!isObject(json)) return evidence.none;
    if (json.jsonrpc === '2.0') {
      const result = asObject(json.result);
      if (result === undefined) return evidence.none;
      return kindOf(result) === null && !isOldKind(result.kind) ? evidence.none : evidence.certain;
    }
    if (kindOf(json) !== null && Object.keys(json).length === 1) {
      const inner = asObject(Object.values(json)[0]);
      const isSure = inner !== undefined && ['contextId', 'taskId', 'messageId', 'status'].some((key) => key in inner);
      return isSure ? evidence.strong : evidence.none;
    }
    return isOldKind(json.kind) && ('contextId' in json || 'parts' in json) ? evidence.strong : evidence.none;
  },
  create: () => new A2aDecoder(),
};

function kindOf(value: JsonObject): (typeof kinds)[number] | null {
  return kinds.find((kind) => isObject(value[kind])) ?? null;
}

function isOldKind(kind: unknown): boolean {
  return kind === 'task' || kind === 'message' || kind === 'status-update' || kind === 'artifact-update';
}

class A2aDecoder implements DialectDecoder {
  readonly #parts = new Map<string, number>();
  #isMetaTold = false;

  decode(frame: DialectFrame, out: Delta[]): void {
    const { json } = frame;
    if (!isObject(json)) {
      decodeOther(frame, out);
      return;
    }
    if (json.error !== undefined && json.error !== null) {
      out.push(errorOf(json.error));
      return;
    }
    const result = asObject(json.result) ?? json;
    const kind = kindOf(result);
    const body = kind === null ? result : asObject(result[kind]);
    const name = kind ?? asName(result.kind) ?? '';
    if (body !== undefined) this.#update(name, body, out);
    if (out.length === 0) out.push({ type: 'unknown', name });
  }

  #update(kind: string, body: JsonObject, out: Delta[]): void {
    const id = asName(body.taskId) ?? (kind === 'task' ? asName(body.id) : undefined);
    if (id !== undefined && !this.#isMetaTold) {
      this.#isMetaTold = true;
      out.push({ type: 'meta', id });
    }
    switch (kind) {
      case 'artifactUpdate':
      case 'artifact-update':
        this.#artifact(asObject(body.artifact), out);
        break;
      case 'message':
        this.#message(body, out);
        break;
      case 'task':
        for (const artifact of asList(body.artifacts)) this.#artifact(asObject(artifact), out);
        this.#status(asObject(body.status), out);
        break;
      case 'statusUpdate':
      case 'status-update':
        this.#status(asObject(body.status), out);
        break;
      default:
        break;
    }
    if (out.length === 0 && kind !== '') out.push({ type: 'event', name: kind });
  }

  #artifact(artifact: JsonObject | undefined, out: Delta[]): void {
    if (artifact === undefined) return;
    this.#content(asList(artifact.parts), this.#partOf(`artifact ${asText(artifact.artifactId)}`), out);
  }

  /** The state of a task; what an agent says beside it is progress for a person and no part of the answer. */
  #status(status: JsonObject | undefined, out: Delta[]): void {
    const state = asName(status?.state);
    if (state === undefined) return;
    const word = state
      .replace(/^TASK_STATE_/, '')
      .replaceAll('-', '_')
      .toUpperCase();
    const meaning = finalStates[word];
    if (meaning === undefined) out.push({ type: 'event', name: state });
    else out.push({ type: 'finish', choice: 0, reason: state, meaning });
  }

  /** An answer without a task: the message is all there is. */
  #message(message: JsonObject, out: Delta[]): void {
    const role = asText(message.role).toLowerCase();
    if (role.endsWith('user')) return;
    this.#content(asList(message.parts), this.#partOf(`message ${asText(message.messageId)}`), out);
    if (message.taskId === undefined) out.push({ type: 'terminator' });
  }

  #partOf(key: string): number {
    const part = this.#parts.get(key) ?? this.#parts.size;
    this.#parts.set(key, part);
    return part;
  }

  #content(parts: readonly unknown[], part: number, out: Delta[]): void {
    for (const item of parts) {
      if (!isObject(item)) continue;
      if (typeof item.text === 'string') out.push({ type: 'text', choice: 0, part, text: item.text });
      else if (item.data !== undefined) out.push({ type: 'event', name: 'data part' });
      else {
        const file = asObject(item.file);
        const bytes = asText(item.raw ?? file?.bytes);
        const media = asName(item.mediaType) ?? asName(file?.mimeType) ?? 'file';
        out.push({ type: 'media', choice: 0, media, characters: bytes.length });
      }
    }
  }
}
