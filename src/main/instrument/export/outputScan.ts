import type { KnownSecrets } from '../../../engine/redaction/knownSecrets.ts';
import { FailureError } from '../../../shared/failure.ts';

/**
 * Looks through what an export is about to write: no secret that is known may be in it, in any spelling. It closes on
 * the first one; the piece with it is not given out.
 */
export class OutputScan {
  readonly #secrets: KnownSecrets;
  #state = 0;

  constructor(secrets: KnownSecrets) {
    this.#secrets = secrets;
  }

  /** @throws FailureError when a secret is complete with these bytes */
  check(bytes: Uint8Array): void {
    const { matcher } = this.#secrets;
    let state = this.#state;
    for (let i = 0; i < bytes.length; i++) {
      if (state === 0) {
        i = matcher.nextBeginning(bytes, i);
        if (i === bytes.length) break;
      }
      state = matcher.next(state, bytes[i] as number);
      if (state === 0) continue;
      matcher.forEachMatch(state, (n) => {
        throw leak(this.#secrets.kindOf(matcher.patterns[n]?.secret ?? 0));
      });
    }
    this.#state = state;
  }
}

function leak(kind: string): FailureError {
  return new FailureError({
    code: 'export/secret-left',
    message: `The export was stopped, because a secret was still in it (${kind}). Nothing was written; please report this.`,
  });
}
