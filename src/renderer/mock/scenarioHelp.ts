import type { EditorHelp, Proposal } from '../ui/editor/assist.ts';
import { SchemaReader, type SchemaNode } from './jsonSchema.ts';
import { yamlPlace } from './yamlPlace.ts';

/** Completion for scenario documents. @param schema JSON Schema as text */
export function scenarioHelp(schema: string): EditorHelp {
  const reader = new SchemaReader(schema);
  return {
    name: 'scenario',
    schema,
    complete(text, line, column) {
      const place = yamlPlace(text, line, column);
      if (place === null) return [];
      const { path, writes, siblings, fromColumn } = place;
      const nodes = reader.at(path);
      return writes === 'value' ? valuesOf(nodes, fromColumn) : keysOf(reader, nodes, siblings, fromColumn);
    },
  };
}

/** Keys that may be written beside those that are there, with what the schema says of them. */
function keysOf(
  reader: SchemaReader,
  nodes: readonly SchemaNode[],
  siblings: readonly string[],
  fromColumn: number,
): readonly Proposal[] {
  const fitting = nodes.filter(({ properties = {} }) => siblings.every((key) => Object.hasOwn(properties, key)));
  const found = new Map<string, Proposal>();
  for (const { properties = {}, description } of fitting) {
    for (const [key, value] of Object.entries(properties)) {
      if (siblings.includes(key) || found.has(key)) continue;
      const inner = value.description ?? reader.alternativesOf(value)[0]?.description;
      found.set(key, {
        label: key,
        insert: `${key}: $0`,
        kind: 'key',
        sentence: inner ?? description ?? '',
        fromColumn,
      });
    }
  }
  return [...found.values()];
}

function valuesOf(nodes: readonly SchemaNode[], fromColumn: number): readonly Proposal[] {
  const found = new Map<string, Proposal>();
  for (const node of nodes) {
    const values =
      node.enum ?? (node.const === undefined ? (node.type === 'boolean' ? [true, false] : []) : [node.const]);
    for (const value of values) {
      const label = String(value);
      found.set(label, { label, insert: label, kind: 'value', sentence: node.description ?? '', fromColumn });
    }
  }
  return [...found.values()];
}
