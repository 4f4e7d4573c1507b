/**
 * Numbers the tool calls of a stream whose deltas name them by an index, an id, or nothing but their place.
 *
 * The rule for streams of the OpenAI kind: the key is the choice and the index; without an index the id, without both
 * the place in the list. The same index with another id begins a new call (Cerebras numbers all calls 0); the same id
 * again goes on with the call (Mistral repeats it on every delta).
 */
export class ToolCallKeys {
  readonly #calls = new Map<string, { readonly call: number; id: string }>();
  readonly #byId = new Map<string, number>();
  #next = 0;

  /** A number for a call that has no key. */
  begin(): number {
    return this.#next++;
  }

  /**
   * @param index of the call as sent, undefined for none @param place in the list of this delta
   * @returns the call's number, and whether it begins here
   */
  callOf(choice: number, index: number | undefined, id: string, place: number): { call: number; isNew: boolean } {
    const key = index !== undefined ? `${choice} ${index}` : id !== '' ? `${choice} id ${id}` : `${choice} at ${place}`;
    const known = this.#calls.get(key);
    if (known !== undefined && (id === '' || known.id === '' || known.id === id)) {
      if (known.id === '') known.id = id;
      return { call: known.call, isNew: false };
    }
    // Two interleaved calls that share an index are still told apart by their ids.
    const keyWithId = `${key} ${id}`;
    const sameId = id === '' ? undefined : this.#byId.get(keyWithId);
    const call = sameId ?? this.#next++;
    this.#calls.set(key, { call, id });
    if (id !== '') this.#byId.set(keyWithId, call);
    return { call, isNew: sameId === undefined };
  }
}
