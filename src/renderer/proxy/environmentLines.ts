export const shells = ['sh', 'fish', 'PowerShell'] as const;
export type Shell = (typeof shells)[number];

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The line that sets a variable in a shell, for the programs that are started from it. */
export function environmentLine(shell: Shell, { name, value }: Variable): string {
  switch (shell) {
    case 'sh':
      return `export ${name}=${/^[\w:/.@%+=,-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`}`;
    case 'fish':
      return `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`;
    case 'PowerShell':
      return `$env:${name} = '${value.replaceAll("'", "''")}'`;
  }
}

export function environmentLines(shell: Shell, variables: readonly Variable[]): string {
  return variables.map((variable) => environmentLine(shell, variable)).join('\n');
}
