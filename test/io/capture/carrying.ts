import { Carriage } from '../../../src/main/capture/carriage.ts';
import { CarriedExchange } from '../../../src/main/capture/carried/carriedExchange.ts';
import type {
  AnswerTap,
  CarriedEnd,
  CarriedHead,
  CarriedRequest,
} from '../../../src/main/capture/carried/carriedRequest.ts';
import { startExchangeClock } from '../../../src/main/capture/exchangeClock.ts';
import { defaultLimits } from '../../../src/shared/limits.ts';
import { defaultRequestOptions, type RequestOptions } from '../../../src/shared/request.ts';
import { RecordingSink } from './recordingSink.ts';

/** Keeps what an answer was handed on as. */
export class KeepingTap implements AnswerTap {
  readonly informationals: Buffer[] = [];
  readonly wirePieces: Buffer[] = [];
  readonly pieces: { readonly bytes: Buffer; readonly continues: boolean }[] = [];
  responseHead: CarriedHead | null = null;
  end: CarriedEnd | null = null;

  informational(raw: Uint8Array): void {
    this.informationals.push(Buffer.from(raw));
  }

  head(head: CarriedHead): void {
    if (this.responseHead !== null) throw new Error('two heads');
    this.responseHead = head;
  }

  wire(bytes: Uint8Array): void {
    this.#mustBeOpen('wire bytes');
    this.wirePieces.push(Buffer.from(bytes));
  }

  data(bytes: Uint8Array, continues: boolean): void {
    this.#mustBeOpen('data');
    this.pieces.push({ bytes: Buffer.from(bytes), continues });
  }

  trailers(): void {
    this.#mustBeOpen('trailers');
  }

  flush(): void {}

  over(end: CarriedEnd): void {
    this.#mustBeOpen('an end');
    this.end = end;
  }

  #mustBeOpen(what: string): void {
    if (this.end !== null) throw new Error(`${what} after the end`);
  }
}

export interface Carried {
  readonly sink: RecordingSink;
  readonly tap: KeepingTap;
}

/** Carries a request to its end. */
export async function carry(
  url: string,
  options: Partial<RequestOptions> = {},
  request: Partial<CarriedRequest> = {},
): Promise<Carried> {
  const asked = new URL(url);
  const sink = new RecordingSink();
  const tap = new KeepingTap();
  const exchange = new CarriedExchange({
    request: {
      method: 'GET',
      url: asked,
      target: asked.pathname + asked.search,
      headers: [['Host', asked.host]],
      body: null,
      ...request,
    },
    carriage: new Carriage({
      options: { ...defaultRequestOptions, ...options },
      origin: asked.origin,
      environment: {},
    }),
    kept: null,
    tap,
    sink,
    limits: defaultLimits,
    clock: startExchangeClock(),
    refuse: () => null,
  });
  await exchange.done;
  return { sink, tap };
}
