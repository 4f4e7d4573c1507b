import type { HeaderList } from './request.ts';

/** All values of a header, joined as RFC 9110 §5.3 allows; null where it is absent. */
export function headerValue(headers: HeaderList, name: string): string | null {
  const wanted = name.toLowerCase();
  let joined: string | null = null;
  for (const [key, value] of headers) {
    if (key.length !== wanted.length || key.toLowerCase() !== wanted) continue;
    joined = joined === null ? value : `${joined}, ${value}`;
  }
  return joined;
}

/** The media type of a Content-Type value without its parameters, in lower case; null for none. */
export function mediaType(contentType: string | null): string | null {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return type === undefined || type === '' ? null : type;
}
