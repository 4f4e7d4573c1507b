import type { FormPart, RequestBody } from '../../shared/request.ts';
import { readFormPart, readFormString, type ReadPart } from './curlForm.ts';
import { formEncode } from './formEncoding.ts';
import { exactText, type NamedFiles } from './namedFiles.ts';

/** A body and the content type that curl sends with it; null where the transport or nobody names one. */
export interface CurlBody {
  readonly body: RequestBody;
  readonly contentType: string | null;
}

/** What curl's options for data, forms and uploads make together, in the order in which they stood. */
export class CurlBodyOptions {
  isForm = false;
  isJson = false;
  hasData = false;
  isUpload = false;
  readonly #files: NamedFiles | null;
  readonly #note: (sentence: string) => void;
  readonly #data: Uint8Array[] = [];
  readonly #parts: FormPart[] = [];
  /** A file that is the whole body, read only while it is sent. */
  #path: string | null = null;

  constructor(files: NamedFiles | null, note: (sentence: string) => void) {
    this.#files = files;
    this.#note = note;
  }

  /** @returns false for options that are none of a body */
  apply(name: string, value: string): boolean {
    switch (name) {
      case 'data':
      case 'data-ascii':
        this.#addData(value, true);
        return true;
      case 'data-binary':
        this.#addData(value, false);
        return true;
      case 'json':
        this.#addData(value, false);
        this.isJson = true;
        return true;
      case 'data-raw':
        this.#add(value);
        return true;
      case 'data-urlencode':
        this.#addEncoded(value);
        return true;
      case 'form':
        this.#addPart(readFormPart(value, this.#files));
        return true;
      case 'form-string':
        this.#addPart(readFormString(value));
        return true;
      case 'upload-file':
        this.#upload(value);
        return true;
      default:
        return false;
    }
  }

  /** Null: no body. */
  body(): CurlBody | null {
    if (this.isForm) {
      if (this.hasData) this.#note('The command has both a form and data, which curl refuses; the form was taken.');
      if (this.#parts.length === 0) return null;
      return { body: { kind: 'multipart', parts: this.#parts }, contentType: null };
    }
    if (this.isUpload)
      return this.#path === null ? null : { body: { kind: 'file', path: this.#path }, contentType: null };
    if (!this.hasData || this.#data.length === 0) return null;
    const bytes = this.#joined();
    const text = exactText(bytes);
    return {
      body: text === null ? { kind: 'bytes', bytes } : { kind: 'text', text },
      contentType: this.isJson ? 'application/json' : 'application/x-www-form-urlencoded',
    };
  }

  /** The data as part of a query (`--get`). */
  query(): string | null {
    if (this.isForm || this.#data.length === 0) return null;
    const text = exactText(this.#joined());
    if (text === null) this.#note('The data for the query is no text; it was left out.');
    return text;
  }

  #joined(): Uint8Array {
    // With --json pieces follow each other as they are.
    const between = new TextEncoder().encode(this.isJson ? '' : '&');
    const pieces = this.#data.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]));
    const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
    let at = 0;
    for (const piece of pieces) {
      joined.set(piece, at);
      at += piece.byteLength;
    }
    return joined;
  }

  #add(text: string | Uint8Array): void {
    this.#data.push(typeof text === 'string' ? new TextEncoder().encode(text) : text);
    this.hasData = true;
  }

  /** @param isText of a file line ends and zero bytes are left out, as `--data` does */
  #addData(value: string, isText: boolean): void {
    this.hasData = true;
    if (!value.startsWith('@')) this.#add(value);
    else if (this.#files === null) this.#noteFile('The body', value.slice(1));
    else {
      const bytes = this.#files.read(value.slice(1));
      this.#add(isText ? bytes.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0) : bytes);
    }
  }

  #addEncoded(value: string): void {
    this.hasData = true;
    const file = /^([^=@]*)@(.*)$/s.exec(value);
    if (file === null) {
      this.#add(urlEncodeField(value));
      return;
    }
    const [, name = '', path = ''] = file;
    if (this.#files === null) {
      this.#noteFile('A form field', path);
      return;
    }
    const text = exactText(this.#files.read(path));
    if (text === null) this.#note(`"${path}" is no text, so it cannot be a form field; it was left out.`);
    else this.#add(name === '' ? formEncode(text) : `${name}=${formEncode(text)}`);
  }

  #addPart(read: ReadPart): void {
    this.isForm = true;
    if ('problem' in read) {
      this.#note(read.problem);
      return;
    }
    this.#parts.push(read.part);
    if (read.missing !== null) this.#noteFile(`The form field "${read.part.name}"`, read.missing);
    if (read.ignored !== null) this.#note(`"${read.ignored}=" of the form field "${read.part.name}" was left out.`);
  }

  #upload(file: string): void {
    this.isUpload = true;
    if (this.#files === null || file === '-' || file === '.') this.#noteFile('The body', file);
    else this.#path = this.#files.pathOf(file);
  }

  #noteFile(what: string, file: string): void {
    this.#note(missingFileNote(what, file));
  }
}

export function missingFileNote(what: string, file: string): string {
  return file === '-'
    ? `${what} would come from standard input, which a pasted command does not bring along: put it in by hand.`
    : `${what} would come from the file "${file}", which a pasted command does not bring along: choose the file.`;
}

/** curl manual, `--data-urlencode`: `content`, `=content` or `name=content`; only the content is encoded. */
export function urlEncodeField(value: string): string {
  const equals = value.indexOf('=');
  if (equals === -1) return formEncode(value);
  const encoded = formEncode(value.slice(equals + 1));
  return equals === 0 ? encoded : `${value.slice(0, equals)}=${encoded}`;
}
