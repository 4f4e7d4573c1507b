import { languages, MarkerSeverity, Uri, editor, type IDisposable } from 'monaco-editor/editor/editor.api.js';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js';
import { jsonDiagnostics } from './monaco.ts';

/** Something wrong in a text. Lines and columns from 1. */
export interface EditorProblem {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
}

/** A word that could stand where the cursor is. */
export interface Proposal {
  readonly label: string;
  /** What is put in; a snippet, with `$0` where the cursor is afterwards. */
  readonly insert: string;
  readonly kind: 'key' | 'value';
  readonly sentence: string;
  /** Column from which on the line's text is replaced, from 1. */
  readonly fromColumn: number;
}

/** What an editor knows of the documents that are written in it. */
export interface EditorHelp {
  /** Names the kind of document. */
  readonly name: string;
  /** JSON Schema as text; completes JSON. */
  readonly schema: string;
  /** Completes YAML. @param line @param column from 1 */
  complete(text: string, line: number, column: number): readonly Proposal[];
}

const owner = 'streamscope';
const helped = new WeakMap<editor.ITextModel, EditorHelp>();
let provides: IDisposable | null = null;
let nextModel = 1;

/** A text model whose editor completes what the help says. */
export function helpedModel(language: string, help: EditorHelp): editor.ITextModel {
  const schema: unknown = JSON.parse(help.schema);
  jsonDefaults.setDiagnosticsOptions({
    ...jsonDiagnostics,
    // What is wrong with the document is told by whoever checks it, with suggestions; the schema completes only.
    schemaValidation: 'ignore',
    schemas: [{ uri: `inmemory://schema/${help.name}`, fileMatch: [`*.${help.name}`], schema }],
  });
  const model = editor.createModel('', language, Uri.parse(`inmemory://text/${String(nextModel++)}.${help.name}`));
  helped.set(model, help);
  provides ??= languages.registerCompletionItemProvider('yaml', {
    triggerCharacters: [' ', '-', ':'],
    provideCompletionItems: (asked, { lineNumber, column }) => ({
      suggestions: (helped.get(asked)?.complete(asked.getValue(), lineNumber, column) ?? []).map(
        ({ label, insert, kind, sentence, fromColumn }) => ({
          label,
          kind: kind === 'key' ? languages.CompletionItemKind.Property : languages.CompletionItemKind.Value,
          insertText: insert,
          insertTextRules: languages.CompletionItemInsertTextRule.InsertAsSnippet,
          documentation: sentence,
          range: {
            startLineNumber: lineNumber,
            startColumn: fromColumn,
            endLineNumber: lineNumber,
            endColumn: column,
          },
        }),
      ),
    }),
  });
  return model;
}

/** Underlines what is wrong, in place of what was. */
export function markProblems(model: editor.ITextModel, problems: readonly EditorProblem[]): void {
  editor.setModelMarkers(
    model,
    owner,
    problems.map(({ line, column, endLine, endColumn, message }) => ({
      severity: MarkerSeverity.Error,
      message,
      startLineNumber: line,
      startColumn: column,
      endLineNumber: endLine,
      endColumn: Math.max(endColumn, endLine === line ? column + 1 : endColumn),
    })),
  );
}
