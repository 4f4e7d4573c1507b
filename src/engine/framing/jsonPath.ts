import { failed, succeeded, type Outcome } from '../../shared/failure.ts';

/** A step into a JSON value: the member of that name, or each element of a list. */
export type JsonPathStep = { readonly kind: 'member'; readonly name: string } | { readonly kind: 'each' };

/** Where the elements of a JSON body are. Without a step: the body's own value. */
export type JsonPath = readonly JsonPathStep[];

const each: JsonPathStep = { kind: 'each' };
/** A name without quotes. */
const plainName = /[^.[\]"\s]+/y;
const quotedName = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;

/**
 * Reads a path such as `data.items`, `pages[*].items` or `"odd.name"[*]`; the grammar is in this folder's README.
 * A trailing `[*]` says no more than the path without it: what lies there is a list, or is one element itself.
 * @returns a failure `request/invalid-json-path` with `at`, the index of the fault
 */
export function parseJsonPath(text: string): Outcome<JsonPath> {
  const steps: JsonPathStep[] = [];
  let at = 0;
  const nameAt = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  if (text.startsWith('$') && (text.length === 1 || text[1] === '.' || text[1] === '[')) at = 1;
  while (at < text.length) {
    if (text.startsWith('[*]', at)) {
      steps.push(each);
      at += 3;
      continue;
    }
    if (text[at] === '[') {
      at++;
      const name = memberName(nameAt(quotedName));
      if (name === undefined) return invalid('Inside the brackets only * or a "quoted name" can stand', at);
      at += nameAt(quotedName)?.length ?? 0;
      if (text[at] !== ']') return invalid('The bracket is never closed', at);
      at++;
      steps.push({ kind: 'member', name });
      continue;
    }
    if (text[at] === '.' && at > 0) at++;
    else if (at > 0) return invalid('A dot or a bracket was expected', at);
    const word = nameAt(text[at] === '"' ? quotedName : plainName);
    const name = text[at] === '"' ? memberName(word) : word;
    if (word === undefined || name === undefined) return invalid('A name was expected', at);
    steps.push({ kind: 'member', name });
    at += word.length;
  }
  if (steps.at(-1)?.kind === 'each') steps.pop();
  return succeeded(steps);
}

function memberName(quoted: string | undefined): string | undefined {
  if (quoted === undefined) return undefined;
  try {
    const name: unknown = JSON.parse(quoted);
    return typeof name === 'string' ? name : undefined;
  } catch {
    // An escape that JSON does not have.
    return undefined;
  }
}

function invalid(reason: string, at: number): ReturnType<typeof failed> {
  const where = `at character ${String(at + 1)}`;
  const message = `This is not a path into JSON: ${reason.charAt(0).toLowerCase()}${reason.slice(1)} ${where}. Write names with dots between them, such as data.items, and [*] for each element of a list on the way.`;
  return failed({ code: 'request/invalid-json-path', message, data: { at } });
}
