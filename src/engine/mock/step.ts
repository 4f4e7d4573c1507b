/** One thing a scripted stream does: wait, then send. */
export interface MockStep {
  /** Time after the previous step, on the schedule of the script. 0: together with the previous step. */
  readonly delayMillis: number;
  /** Body bytes. The performer only reads them. */
  readonly bytes: Uint8Array;
  /** The connection is lost behind this step: nothing follows, and the body has no end. */
  readonly isLast?: 'cut';
}

const utf8 = new TextEncoder();

/** A step that sends text as UTF-8. */
export function textStep(delayMillis: number, text: string): MockStep {
  return { delayMillis, bytes: utf8.encode(text) };
}
