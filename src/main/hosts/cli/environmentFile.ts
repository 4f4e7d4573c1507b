import { parseEnv } from 'node:util';
import { z } from 'zod';
import {
  fillVariables,
  soundsSecret,
  undefinedVariables,
  type Variable,
  type Variables,
} from '../../../engine/request/variables.ts';
import type { RequestSpec } from '../../../shared/request.ts';
import { UsageError } from './exitCodes.ts';
import { textOfFile } from './givenFiles.ts';
import { nearest } from '../../../shared/nearest.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const jsonFile = z.record(
  z.string(),
  z.union([scalar, z.object({ value: scalar, secret: z.boolean().exactOptional() })]),
);
const variableName = /^[A-Za-z_][\w.-]*$/;

/**
 * Variables of a file: JSON (`{"base": "…", "user": {"value": "…", "secret": true}}`) or lines as in a `.env` file
 * (`NAME=value`, `secret:NAME=value`, `plain:NAME=value`). Without a word about it, a variable is secret when its name
 * sounds so.
 * @throws UsageError when the file cannot be read as either
 */
export function readEnvironment(file: string): Variables {
  const text = textOfFile(file, '--env').replace(/^\uFEFF/, '');
  const variables = /^\s*\{/.test(text) ? fromJson(text, file) : fromLines(text);
  for (const { name } of variables) {
    if (!variableName.test(name))
      throw new UsageError(`--env: ${JSON.stringify(name)} in ${file} is not a name: letters, digits, _ . and - only.`);
  }
  return new Map(variables.map((variable) => [variable.name, variable]));
}

function fromJson(text: string, file: string): readonly Variable[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--env: ${file} is not JSON: ${reason}.`, { cause: error });
  }
  const parsed = jsonFile.safeParse(value);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? '';
    throw new UsageError(`--env: ${place} in ${file} is neither a text nor {"value": …, "secret": true}.`);
  }
  return Object.entries(parsed.data).map(([name, given]) =>
    typeof given === 'object'
      ? { name, value: String(given.value), secret: given.secret ?? soundsSecret(name) }
      : { name, value: String(given), secret: soundsSecret(name) },
  );
}

function fromLines(text: string): readonly Variable[] {
  return Object.entries(parseEnv(text)).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const name = key.replace(/^(?:secret|plain):/, '');
    const secret = key.startsWith('secret:') || (!key.startsWith('plain:') && soundsSecret(name));
    return [{ name, value, secret }];
  });
}

/**
 * The request as it is kept: what is not secret is put in, what is secret stays `{{name}}` until it is sent.
 * @throws UsageError for a variable that the file does not define
 */
export function withEnvironment(request: RequestSpec, variables: Variables): RequestSpec {
  const [missing] = undefinedVariables(request, variables);
  if (missing !== undefined) {
    const meant = nearest(missing, [...variables.keys()]);
    const hint = meant === null ? 'It has no variable of a similar name.' : `Did you mean {{${meant}}}?`;
    throw new UsageError(`{{${missing}}} is not in the file of --env. ${hint}`);
  }
  return fillVariables(request, variables, ({ secret }) => !secret);
}
