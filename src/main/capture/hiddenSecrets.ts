import type { MarkFacts } from '../../shared/recording.ts';
import type { HeaderList } from '../../shared/request.ts';
import type { CaptureSink } from './sink.ts';

/**
 * A sink that is told everything but the values of secret variables: they are hidden in what was sent, in marks, in
 * the answer's head and in sentences. The bytes of the answer are the truth about the wire and stay as they are.
 * @param hide puts `{{name}}` where a secret's value stands
 */
export function hidingSecrets(sink: CaptureSink, hide: (text: string) => string): CaptureSink {
  const hideHeaders = (headers: HeaderList): HeaderList => headers.map(([name, value]) => [name, hide(value)]);
  return {
    mark: (mark) => {
      sink.mark(mark.facts === undefined ? mark : { ...mark, facts: hideFacts(mark.facts, hide) });
    },
    sent: (headers) => {
      sink.sent(hideHeaders(headers));
    },
    head: (head) => {
      sink.head({ ...head, statusText: hide(head.statusText), headers: hideHeaders(head.headers) });
    },
    chunk: (atMicros, bytes, continues) => sink.chunk(atMicros, bytes, continues),
    body: (chunk, bytes) => sink.body(chunk, bytes),
    trailers: (headers) => {
      sink.trailers(hideHeaders(headers));
    },
    transportDiagnostic: (code, details) => {
      sink.transportDiagnostic(code, details);
    },
    position: () => sink.position?.() ?? { value: null, retryMillis: null },
    reconnecting: (reconnection) => {
      const { after, resumedFrom } = reconnection;
      sink.reconnecting?.({
        ...reconnection,
        after: { ...after, message: hide(after.message) },
        resumedFrom: resumedFrom === null ? null : hide(resumedFrom),
      });
    },
    ended: (ending) => {
      sink.ended({ ...ending, message: hide(ending.message) });
    },
  };
}

function hideFacts(facts: MarkFacts, hide: (text: string) => string): MarkFacts {
  return {
    ...facts,
    ...(facts.from === undefined ? {} : { from: hide(facts.from) }),
    ...(facts.to === undefined ? {} : { to: hide(facts.to) }),
    ...(facts.reason === undefined ? {} : { reason: hide(facts.reason) }),
    ...(facts.proxy === undefined ? {} : { proxy: hide(facts.proxy) }),
    ...(facts.headers === undefined ? {} : { headers: facts.headers.map(([name, value]) => [name, hide(value)]) }),
  };
}
