/**
 * The web-standard globals that every runtime of ours has: Node ≥20.18 and Chromium ≥130. The contract and the engine
 * compile against exactly these and the language itself; whatever is not listed here does not exist for them.
 * Other folders get the same names from their own runtime's types and never see this file.
 */

interface TextDecoderOptions {
  readonly fatal?: boolean;
  readonly ignoreBOM?: boolean;
}

/** Encoding Standard §7.1. `decode` with `stream: true` keeps an unfinished character for the next call. */
declare class TextDecoder {
  constructor(label?: string, options?: TextDecoderOptions);
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: ArrayBufferView | ArrayBufferLike, options?: { readonly stream?: boolean }): string;
}

/** Encoding Standard §7.2. Always UTF-8. */
declare class TextEncoder {
  readonly encoding: 'utf-8';
  encode(input?: string): Uint8Array<ArrayBuffer>;
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
}

interface AbortListenerOptions {
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

/** DOM Standard §3.2, without the parts of EventTarget that an abort signal has no use for. */
declare class AbortSignal {
  private constructor();
  static abort(reason?: unknown): AbortSignal;
  static any(signals: Iterable<AbortSignal>): AbortSignal;
  static timeout(milliseconds: number): AbortSignal;
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: AbortListenerOptions): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** DOM Standard §3.1. */
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** URL Standard §6.2. */
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: string | Iterable<readonly [string, string]> | Readonly<Record<string, string>>);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  toString(): string;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

/** URL Standard §6.1. The constructor throws a TypeError for what does not parse; `canParse` asks first. */
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string, base?: string): boolean;
  readonly origin: string;
  readonly searchParams: URLSearchParams;
  href: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
  toString(): string;
  toJSON(): string;
}

/** HTML Standard §2.7.10. */
declare function structuredClone<T>(value: T, options?: { readonly transfer?: readonly ArrayBuffer[] }): T;

/** HTML Standard §8.1.7. */
declare function queueMicrotask(callback: () => void): void;

/** High Resolution Time §7: milliseconds since an unnamed origin, monotonic. */
declare const performance: { now(): number };
