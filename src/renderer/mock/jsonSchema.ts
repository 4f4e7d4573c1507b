import { z } from 'zod';

/** As much of JSON Schema as completing needs; whatever else a schema says is left alone. */
export interface SchemaNode {
  readonly $ref?: string | undefined;
  readonly description?: string | undefined;
  readonly anyOf?: readonly SchemaNode[] | undefined;
  readonly oneOf?: readonly SchemaNode[] | undefined;
  readonly allOf?: readonly SchemaNode[] | undefined;
  readonly properties?: Readonly<Record<string, SchemaNode>> | undefined;
  readonly additionalProperties?: boolean | SchemaNode | undefined;
  readonly items?: boolean | SchemaNode | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly type?: unknown;
}

const node: z.ZodType<SchemaNode> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    description: z.string().optional(),
    anyOf: z.array(node).optional(),
    oneOf: z.array(node).optional(),
    allOf: z.array(node).optional(),
    properties: z.record(z.string(), node).optional(),
    additionalProperties: z.union([z.boolean(), node]).optional(),
    items: z.union([z.boolean(), node]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    type: z.unknown().optional(),
  }),
);

const definitions = z.object({
  $defs: z.record(z.string(), node).optional(),
  definitions: z.record(z.string(), node).optional(),
});

/** A step from a value into what it holds: the value of a key, or an item of a list. */
export type SchemaStep = { readonly key: string } | 'item';

/** A schema that is asked what may stand where. */
export class SchemaReader {
  readonly #root: SchemaNode;
  readonly #definitions: Readonly<Record<string, SchemaNode>>;

  /** @param text JSON Schema. @throws for what is no JSON Schema: it is the product's own */
  constructor(text: string) {
    const json: unknown = JSON.parse(text);
    const { $defs, definitions: older } = definitions.parse(json);
    this.#root = node.parse(json);
    this.#definitions = { ...older, ...$defs };
  }

  /** What may stand at a place: the alternatives, none of them a union or a reference. */
  at(path: readonly SchemaStep[]): readonly SchemaNode[] {
    let nodes = this.#alternatives(this.#root);
    for (const step of path) nodes = nodes.flatMap((each) => this.#into(each, step));
    return nodes;
  }

  /** What a property of an alternative may be. */
  alternativesOf(given: SchemaNode): readonly SchemaNode[] {
    return this.#alternatives(given);
  }

  #into({ properties, additionalProperties, items }: SchemaNode, step: SchemaStep): readonly SchemaNode[] {
    const found = step === 'item' ? items : (properties?.[step.key] ?? additionalProperties);
    return typeof found === 'object' ? this.#alternatives(found) : [];
  }

  #alternatives(given: SchemaNode, depth = 0): readonly SchemaNode[] {
    // A reference that leads to itself leads nowhere.
    if (depth > 16) return [];
    const { $ref, anyOf, oneOf, allOf } = given;
    if ($ref !== undefined) {
      const name = $ref.slice($ref.lastIndexOf('/') + 1);
      const target = $ref === '#' ? this.#root : this.#definitions[name];
      return target === undefined ? [] : this.#alternatives(target, depth + 1);
    }
    const choices = anyOf ?? oneOf ?? allOf;
    return choices === undefined ? [given] : choices.flatMap((each) => this.#alternatives(each, depth + 1));
  }
}
