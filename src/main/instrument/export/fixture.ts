import { readConversation } from '../../../engine/dialects/conversation.ts';
import type { DialectReader } from '../../../engine/dialects/reader.ts';
import { aimockFixture } from '../../../engine/recording/aimock/writeFixture.ts';
import { FailureError } from '../../../shared/failure.ts';
import type { Micros } from '../../../shared/words.ts';
import type { ExportedRecording } from './exportedRecording.ts';

/**
 * What a token stream says as a fixture file of aimock.
 * @param reader null where it is no token stream
 * @throws FailureError where there is nothing to answer with
 */
export function fixtureOf(exported: ExportedRecording, reader: DialectReader | null): string {
  if (reader === null) {
    throw new FailureError({
      code: 'export/no-message',
      message: 'This recording is no token stream, so there is no answer to make a fixture of.',
    });
  }
  const { facts, recording } = exported;
  const body = facts.request?.body;
  return aimockFixture({
    message: reader.message,
    asked: body?.kind === 'text' ? readConversation(body.text) : null,
    status: facts.head?.status ?? null,
    contentMicros: facts.timesKnown ? contentTimes(exported, reader) : null,
    ending: recording.facts().ending,
    given: (text) => exported.text(text),
  });
}

function contentTimes({ recording }: ExportedRecording, { message }: DialectReader): readonly Micros[] {
  const times: Micros[] = [];
  const { frames } = recording.analysis;
  frames.visit(0, Math.min(frames.count, message.index.length), (columns, first, from, to) => {
    for (let i = from; i < to; i++) {
      if (message.index.sourceOf(first + i) !== undefined) times.push(columns.micros[i] as number);
    }
    return true;
  });
  return times;
}
