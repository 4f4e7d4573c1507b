/** What the desktop window may do, as pure decisions; `hardening.ts` applies them. */

export const windowScheme = 'app';
export const windowUrl = 'app://streamscope/';

/** Whether an address is a page of the built window. */
export function isWindowUrl(url: string): boolean {
  return URL.canParse(url) && url.startsWith(windowUrl);
}

/** The frame a message came from, as far as it matters. Electron gives null for one that is gone already. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** Only the window's own top frame is listened to. */
export function trustsSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isWindowUrl(frame.url);
}

/** A page may reload itself; it never goes anywhere else. */
export function mayNavigate(to: string): boolean {
  return isWindowUrl(to);
}

/** The window asks for nothing but to write text to the clipboard, which every copy button does. */
export function mayHavePermission(permission: string, requestingUrl: string): boolean {
  return permission === 'clipboard-sanitized-write' && isWindowUrl(requestingUrl);
}

/** What the page may load: the window's own files, what it made itself, and the developer tools. */
export function mayLoad(url: string): boolean {
  return isWindowUrl(url) || /^(blob:app:\/\/streamscope\/|data:|devtools:\/\/)/.test(url);
}

const longestAddress = 8_192;

/**
 * Whether an address may be handed to the user's browser. Credentials in it would be shown to nobody and sent along.
 * @returns it in its normal form, as the user is asked about it, or undefined
 */
export function externalAddress(url: string): string | undefined {
  if (url.length > longestAddress || !URL.canParse(url)) return undefined;
  const { protocol, username, password, href } = new URL(url);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  return isWeb && username === '' && password === '' ? href : undefined;
}
