import { asName, asObject, isObject } from './jsonValue.ts';

/** Levels and places in a list beyond which a path of the stream is not followed. */
const levelsAtMost = 64;
const placeAtMost = 10_000;

type Container = Record<string, unknown> | unknown[];

/**
 * Arguments that Gemini sends value by value, each with its JSONPath (`$.items[0].name`). Pieces of a text for the same
 * path are joined.
 */
export class PartialArguments {
  readonly #root: Record<string, unknown>;
  #openPath: string | undefined;

  /** @param initial arguments that came with the call's name, if any */
  constructor(initial: unknown) {
    this.#root = isObject(initial) ? structuredClone<Record<string, unknown>>({ ...initial }) : {};
  }

  /** Adds one element of `partialArgs`; what has no path or value that can be read is left out. */
  add(value: unknown): void {
    const piece = asObject(value);
    const path = asName(piece?.jsonPath);
    if (piece === undefined || path === undefined) return;
    const keys = keysOf(path);
    if (keys === undefined) return;
    const read = valueOf(piece);
    if (read === undefined) return;
    const goesOn = this.#openPath === path && typeof read === 'string';
    this.#openPath = piece.willContinue === true ? path : undefined;
    put(this.#root, keys, read, goesOn);
  }

  /** All arguments so far as compact JSON. */
  get text(): string {
    return JSON.stringify(this.#root);
  }
}

function valueOf(piece: Readonly<Record<string, unknown>>): unknown {
  if ('stringValue' in piece) return piece.stringValue;
  if ('numberValue' in piece) return piece.numberValue;
  if ('boolValue' in piece) return piece.boolValue;
  return 'nullValue' in piece ? null : undefined;
}

/** `$.a[0]['b c']` → `['a', 0, 'b c']`; undefined for what is no such path. */
function keysOf(path: string): readonly (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  let at = path.startsWith('$') ? 1 : 0;
  const step = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (at < path.length) {
    step.lastIndex = at;
    const found = step.exec(path);
    if (found === null || keys.length === levelsAtMost) return undefined;
    const [whole, name, place, single, double] = found;
    if (place !== undefined && Number(place) > placeAtMost) return undefined;
    keys.push(place !== undefined ? Number(place) : (name ?? single ?? double ?? ''));
    at += whole.length;
  }
  return keys.length === 0 ? undefined : keys;
}

function put(root: Container, keys: readonly (string | number)[], value: unknown, goesOn: boolean): void {
  let at = root;
  keys.forEach((key, i) => {
    const isLast = i === keys.length - 1;
    const before = memberOf(at, key);
    if (isLast) setMember(at, key, goesOn && typeof before === 'string' ? before + String(value) : value);
    else {
      const next: Container =
        typeof before === 'object' && before !== null
          ? (before as Container)
          : typeof keys[i + 1] === 'number'
            ? []
            : {};
      if (next !== before) setMember(at, key, next);
      at = next;
    }
  });
}

function memberOf(container: Container, key: string | number): unknown {
  return Object.hasOwn(container, key) ? (container as Record<string | number, unknown>)[key] : undefined;
}

/** As an own member, whatever its name: a key of a stream never reaches a prototype. */
function setMember(container: Container, key: string | number, value: unknown): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}
