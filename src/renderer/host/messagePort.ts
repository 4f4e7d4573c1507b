import type { EnginePort, EnginePortListener } from '../../shared/enginePort.ts';
import type { ToEngine } from '../../shared/envelope.ts';
import { readFromEngine } from '../../shared/envelopeSchema.ts';
import type { Failure } from '../../shared/failure.ts';

/** A port whose other end can be replaced, because the engine behind it may be restarted. */
export interface ReplaceablePort extends EnginePort {
  /** Takes a port to a (new) engine. Everything that was under way over a former one has failed. */
  replace(port: MessagePort): void;
  /** The engine is gone; nothing can be sent until `replace`. */
  lose(failure: Failure): void;
}

/** Carries the contract over DOM `MessagePort`s. What is sent before the first one waits for it. */
export function messagePort(): ReplaceablePort {
  let listener: EnginePortListener | undefined;
  let current: MessagePort | undefined;
  let waiting: ToEngine[] | undefined = [];

  function attach(port: MessagePort): void {
    current = port;
    port.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (port !== current) return;
      const message = readFromEngine(event.data);
      if (message === undefined) throw new TypeError('the engine sent a message that is not of the contract');
      listener?.received(message);
    });
    port.addEventListener('messageerror', () => {
      throw new TypeError('a message of the engine could not be read by this window');
    });
    port.start();
  }

  return {
    send(message) {
      if (waiting === undefined) current?.postMessage(message);
      else waiting.push(message);
    },
    listen(receiver) {
      listener = receiver;
    },
    replace(port) {
      current?.close();
      attach(port);
      if (waiting === undefined) {
        listener?.renewed();
        return;
      }
      const messages = waiting;
      waiting = undefined;
      for (const message of messages) port.postMessage(message);
    },
    lose(failure) {
      current?.close();
      current = undefined;
      waiting = undefined;
      listener?.lost(failure);
    },
    close() {
      current?.close();
      current = undefined;
      waiting = undefined;
    },
  };
}
