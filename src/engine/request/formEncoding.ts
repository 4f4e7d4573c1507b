const unreserved = /[A-Za-z0-9\-._~]/;

/**
 * Encodes form content as curl does for `--data-urlencode`: RFC 3986 §2.3 unreserved characters stay, a space becomes
 * `+`, every other byte of the UTF-8 `%XX`.
 */
export function formEncode(text: string): string {
  let encoded = '';
  for (const byte of new TextEncoder().encode(text)) {
    const character = String.fromCharCode(byte);
    if (character === ' ') encoded += '+';
    else if (unreserved.test(character)) encoded += character;
    else encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

export interface FormPart {
  readonly name: string;
  readonly value: string;
  readonly contentType: string | null;
}

/** A `multipart/form-data` body (RFC 7578) with a boundary that none of its parts contains. */
export function multipartForm(parts: readonly FormPart[]): { readonly contentType: string; readonly text: string } {
  let boundary = 'streamscope-form-boundary';
  for (let n = 1; parts.some(({ name, value }) => value.includes(boundary) || name.includes(boundary)); n++) {
    boundary = `streamscope-form-boundary-${n}`;
  }
  const text = parts
    .map(({ name, value, contentType }) => {
      const type = contentType === null ? '' : `\r\nContent-Type: ${contentType}`;
      return `--${boundary}\r\nContent-Disposition: form-data; name="${quotable(name)}"${type}\r\n\r\n${value}\r\n`;
    })
    .join('');
  return { contentType: `multipart/form-data; boundary=${boundary}`, text: `${text}--${boundary}--\r\n` };
}

/** HTML Standard, "multipart/form-data encoding algorithm": what may not stand in a quoted name. */
function quotable(name: string): string {
  return name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22');
}
