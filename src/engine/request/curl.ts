import type { Failure } from '../../shared/failure.ts';
import type { RequestSpec } from '../../shared/request.ts';
import { looksLikeCmd, splitCmd } from './cmdWords.ts';
import { readCurlRequest, type ReadRequest } from './curlRequest.ts';
import type { NamedFiles } from './namedFiles.ts';
import { findFetch, readFetchSnippet } from './fetchSnippet.ts';
import { type ShellOutcome, splitBash } from './shellWords.ts';

export type ParsedPaste =
  | { readonly ok: true; readonly request: RequestSpec; readonly notes: readonly string[] }
  | { readonly ok: false; readonly failure: Failure };

/** What may stand before `curl`: a prompt, a variable for this command alone, a wrapper, a path. */
const curlCommand =
  /^\s*(?:[$#>%]\s+)?(?:[A-Za-z_]\w*=\S*\s+)*(?:(?:sudo|time|command|exec)\s+)*(?:\S*[/\\])?curl(?:\.exe)?(?=\s|$)/;

/**
 * Reads a pasted cURL command (as written for bash, or for the Windows command prompt) or a `fetch(…)` snippet, the
 * forms in which browsers copy a request. Nothing is run. `notes` are sentences about what could not be carried over.
 * @param files reads what the command names; null: no file is read, and notes say which are missing
 * @returns fails with `request/unreadable-paste`, or `request/invalid-url` for a URL that is not http or https.
 */
export function parseCurl(text: string, files: NamedFiles | null = null): ParsedPaste {
  const command = curlCommand.exec(text);
  if (command !== null) return parseCommand(text.slice(command[0].length), files);
  if (findFetch(text) !== -1) return finished(readFetchSnippet(text), []);
  if (/\bInvoke-(?:WebRequest|RestMethod)\b/i.test(text)) {
    return unreadable('PowerShell commands cannot be read: copy the request as cURL or as fetch instead.');
  }
  return unreadable(
    'This is neither a cURL command nor a fetch call: it should begin with "curl" or contain "fetch(".',
  );
}

function parseCommand(line: string, files: NamedFiles | null): ParsedPaste {
  const split: ShellOutcome = looksLikeCmd(line) ? splitCmd(line) : splitBash(line);
  if (!split.ok) {
    const place = line.slice(split.position, split.position + 24).split('\n')[0] ?? '';
    return unreadable(`The command cannot be read: ${split.message}, at ${place}…`);
  }
  return finished(readCurlRequest(split.value.words, files), split.value.notes);
}

function finished(read: ReadRequest, notes: readonly string[]): ParsedPaste {
  if (!read.ok) return unreadable(read.message);
  const { url } = read.request;
  const hasVariables = /\{\{|\$[{A-Za-z_]/.test(url);
  if (!hasVariables && !(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
    const message = `"${url.slice(0, 200)}" is not an http or https URL.`;
    return { ok: false, failure: { code: 'request/invalid-url', message } };
  }
  return { ok: true, request: read.request, notes: [...notes, ...read.notes] };
}

function unreadable(message: string): ParsedPaste {
  return { ok: false, failure: { code: 'request/unreadable-paste', message } };
}
