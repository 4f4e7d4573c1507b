/** A header field as HPACK knows it: a byte a character. */
export type HeaderField = readonly [name: string, value: string];

/** The static table (RFC 7541 Appendix A), from index 1. */
const staticTable: readonly HeaderField[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
];

/** What a field counts in a table and in a header list, beyond its text (RFC 7541 §4.1, RFC 9113 §6.5.2). */
const fieldOverhead = 32;

export function fieldSize([name, value]: HeaderField): number {
  return name.length + value.length + fieldOverhead;
}

/** The dynamic table (RFC 7541 §2.3.2) behind the static one, in one address space from 1. */
export class HeaderTable {
  readonly #entries: HeaderField[] = [];
  #size = 0;
  #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  at(index: number): HeaderField | undefined {
    // The newest entry has the lowest index; it is kept last, where adding is cheap.
    return index <= staticTable.length
      ? staticTable[index - 1]
      : this.#entries[this.#entries.length - (index - staticTable.length)];
  }

  add(field: HeaderField): void {
    this.#entries.push(field);
    this.#size += fieldSize(field);
    this.#evict();
  }

  resize(limit: number): void {
    this.#limit = limit;
    this.#evict();
  }

  #evict(): void {
    let gone = 0;
    while (this.#size > this.#limit) {
      const oldest = this.#entries[gone];
      if (oldest === undefined) break;
      this.#size -= fieldSize(oldest);
      gone += 1;
    }
    if (gone > 0) this.#entries.splice(0, gone);
  }
}
