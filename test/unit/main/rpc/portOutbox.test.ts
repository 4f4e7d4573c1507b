import { describe, expect, it } from 'vitest';
import { createPortOutbox } from '../../../../src/main/rpc/portOutbox.ts';
import type { EventMessage } from '../../../../src/shared/envelope.ts';

const gone = (id: string): EventMessage => ({
  type: 'event',
  event: 'library.changed',
  payload: { id, summary: null },
});

describe('what a window is sent', () => {
  it('is bounded while it says nothing, and then goes on with the newest of each subject', () => {
    const sent: EventMessage[] = [];
    const outbox = createPortOutbox((message) => sent.push(message));
    for (let n = 0; n < 10_000; n++) outbox.offer(gone(String(n % 7)));
    expect(sent).toHaveLength(256);
    const newest = gone('3');
    outbox.offer(newest);
    sent.length = 0;
    outbox.seen(32);
    expect(sent).toHaveLength(7);
    expect(sent).toContain(newest);
    outbox.offer(gone('8'));
    expect(sent).toHaveLength(8);
  });

  it('goes on in turns where more subjects wait than there is room', () => {
    const sent: string[] = [];
    const outbox = createPortOutbox((message) => {
      if (message.event === 'library.changed') sent.push(message.payload.id);
    });
    for (let n = 0; n < 600; n++) outbox.offer(gone(String(n)));
    outbox.seen(200);
    expect(sent).toHaveLength(456);
    outbox.seen(400);
    expect(sent).toEqual(Array.from({ length: 600 }, (_, n) => String(n)));
  });
});
