/** What a new scenario begins with. */
export interface ScenarioTemplate {
  readonly title: string;
  /** The name that is proposed. */
  readonly name: string;
  readonly text: string;
}

// The ready-made scenarios are part of the build; whoever has a checkout performs the same files on the command line.
const files = import.meta.glob<string>('../../../resources/mock/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** The ready-made scenarios in `resources/mock`, by name. */
export const templates: readonly ScenarioTemplate[] = Object.entries(files).map(([file, text]) => {
  const name = /([^/]+)\.yaml$/.exec(file)?.[1] ?? file;
  const title = /^title: *(.+)$/m.exec(text)?.[1]?.replace(/^(['"])(.*)\1$/, '$2') ?? name;
  return { title, name, text };
});
