import type { Failure } from '../../../shared/failure.ts';
import type { ProxiedFacts } from '../../../shared/proxy.ts';
import type { Ending, Mark, ResponseHead } from '../../../shared/recording.ts';
import type { HeaderList, RequestBody, RequestSpec } from '../../../shared/request.ts';
import type { Micros } from '../../../shared/words.ts';
import { endingFrom, type EndingFacts } from '../../capture/endings.ts';
import type { Capture, CaptureSink, ExchangeClock } from '../../capture/sink.ts';
import { stopFacts } from '../../capture/stopFacts.ts';
import type { LiveRecording } from '../liveRecording.ts';

/** A recording is laid out at the latest so long after its exchange began, or when so many bytes of it came. */
const latestMillis = 20;
const latestBytes = 256 * 1024;
/** What is still being found out of a client is waited for so long before its recording is closed. */
const closingMillis = 500;

export interface RecordingFeedOptions {
  readonly request: RequestSpec;
  readonly clock: ExchangeClock;
  /** Lays a recording out. @throws FailureError */
  readonly begin: (
    request: RequestSpec,
    proxied: ProxiedFacts,
    clock: ExchangeClock,
    onSaved: (failure: Failure | null) => void,
  ) => LiveRecording;
  readonly onOpened: (recording: LiveRecording) => void;
  /** It cannot be recorded, or not any more, for a person. The traffic goes on. */
  readonly onProblem: (message: string) => void;
  readonly onSaved: () => void;
  /** What belongs into the recording and is still being found out. Never rejects. */
  readonly awaited: Promise<unknown>;
}

/**
 * Feeds the recording of one exchange through the proxy. Laying out a file takes milliseconds, which nobody's traffic
 * should wait for: what happens before is held, with its times, and told when the recording is there. Whatever goes
 * wrong with the recording ends the recording alone.
 */
export class RecordingFeed implements CaptureSink {
  readonly #options: RecordingFeedOptions;
  #proxied: ProxiedFacts;
  #request: RequestSpec;
  #recording: LiveRecording | null = null;
  #held: ((recording: LiveRecording) => void)[] = [];
  #heldBytes = 0;
  #capture: Capture | null = null;
  #wireBytes = 0;
  /** It was ended, or cannot be had: nothing more is told. */
  #over = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecordingFeedOptions, proxied: ProxiedFacts) {
    this.#options = options;
    this.#proxied = proxied;
    this.#request = options.request;
    this.#timer = setTimeout(() => this.open(), latestMillis);
  }

  get recording(): LiveRecording | null {
    return this.#recording;
  }

  get proxied(): ProxiedFacts {
    return this.#proxied;
  }

  /** What is behind it: paused and stopped through the recording. Stopping for the recording's sake stops only that. */
  attach(exchange: Capture): void {
    this.#capture = {
      pause: () => exchange.pause(),
      resume: () => exchange.resume(),
      stop: (reason) => {
        if (reason.by === 'user') exchange.stop(reason);
        else {
          if (reason.by === 'disk') this.#options.onProblem(reason.message);
          // Not within the call of the recording that asks for it.
          queueMicrotask(() => this.#endRecording(stopFacts(reason, this.#wireBytes)));
        }
      },
      done: exchange.done,
    };
  }

  noteProxied(change: Partial<ProxiedFacts>): void {
    this.#proxied = { ...this.#proxied, ...change };
    const proxied = this.#proxied;
    if (this.#recording !== null && !this.#over) this.#guarded(() => this.#recording?.noteProxied(proxied));
  }

  noteRequestBody(body: RequestBody): void {
    this.#request = { ...this.#request, body };
    if (this.#recording !== null && !this.#over) this.#guarded(() => this.#recording?.noteRequestBody(body));
  }

  /** Lays the recording out now, if it is not there yet. */
  open(): void {
    clearTimeout(this.#timer);
    if (this.#recording !== null || this.#over) return;
    try {
      const recording = this.#options.begin(this.#request, this.#proxied, this.#options.clock, (failure) => {
        if (failure !== null) this.#options.onProblem(failure.message);
        this.#options.onSaved();
      });
      this.#recording = recording;
      if (this.#capture !== null) recording.attach(this.#capture);
      this.#options.onOpened(recording);
      const held = this.#held;
      this.#held = [];
      for (const tell of held) tell(recording);
    } catch (error) {
      this.#fail(error);
    }
  }

  mark(mark: Mark): void {
    this.#tell((recording) => recording.mark(mark));
  }

  sent(headers: HeaderList): void {
    this.#tell((recording) => recording.sent(headers));
  }

  head(head: ResponseHead): void {
    this.#tell((recording) => recording.head(head));
  }

  chunk(atMicros: Micros, bytes: Uint8Array, continues: boolean): boolean {
    this.#wireBytes += bytes.byteLength;
    return this.#tellBytes(bytes, (recording) => recording.chunk(atMicros, bytes, continues));
  }

  body(chunk: number, bytes: Uint8Array): boolean {
    return this.#tellBytes(bytes, (recording) => recording.body(chunk, bytes));
  }

  trailers(headers: HeaderList): void {
    this.#tell((recording) => recording.trailers(headers));
  }

  transportDiagnostic(code: string, details: Readonly<Record<string, string | number>>): void {
    this.#tell((recording) => recording.transportDiagnostic(code, details));
  }

  ended(ending: Ending): void {
    const close = (): void => {
      this.#tell((recording) => {
        this.#over = true;
        recording.ended(ending);
      });
    };
    const timer = setTimeout(close, closingMillis);
    void this.#options.awaited.then(() => {
      clearTimeout(timer);
      close();
    });
  }

  #tell(tell: (recording: LiveRecording) => void): void {
    if (this.#over) return;
    const recording = this.#recording;
    if (recording === null) this.#held.push(tell);
    else this.#guarded(() => tell(recording));
  }

  #tellBytes(bytes: Uint8Array, tell: (recording: LiveRecording) => boolean): boolean {
    if (this.#over) return true;
    const recording = this.#recording;
    if (recording !== null) return this.#guarded(() => tell(recording)) ?? true;
    this.#held.push(tell);
    this.#heldBytes += bytes.byteLength;
    if (this.#heldBytes > latestBytes) this.open();
    return true;
  }

  /** What happened so far stays; the exchange goes on without it. */
  #endRecording(facts: EndingFacts): void {
    if (this.#over) return;
    this.#over = true;
    const ending = endingFrom(facts, this.#options.clock.now());
    try {
      this.#recording?.mark({ name: 'end', atMicros: ending.atMicros });
      this.#recording?.ended(ending);
    } catch (error) {
      this.#options.onProblem(sentenceOf(error));
    }
    this.#capture?.resume();
  }

  #guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    this.#held = [];
    this.#options.onProblem(sentenceOf(error));
    if (this.#recording === null) {
      this.#over = true;
      this.#options.onSaved();
      return;
    }
    const message = `Recording stopped because of a fault in this program: ${sentenceOf(error)}.`;
    this.#endRecording({ code: 'end/internal', message, offset: this.#wireBytes });
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
