/** Closes a switch over a union: a new member stops compiling here instead of falling through at run time. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}
