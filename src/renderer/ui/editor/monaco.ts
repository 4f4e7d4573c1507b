// The editor, the parts of it that reading and writing JSON need, and no language but JSON: the package's root would
// bring every language there is. No link detection: nothing from a stream is ever opened.
import 'monaco-editor/features/bracketMatching/register.js';
import 'monaco-editor/features/caretOperations/register.js';
import 'monaco-editor/features/clipboard/register.js';
import 'monaco-editor/features/codeEditor/register.js';
import 'monaco-editor/features/codicon/register.js';
import 'monaco-editor/features/cursorUndo/register.js';
import 'monaco-editor/features/find/register.js';
import 'monaco-editor/features/folding/register.js';
import 'monaco-editor/features/format/register.js';
import 'monaco-editor/features/hover/register.js';
import 'monaco-editor/features/indentation/register.js';
import 'monaco-editor/features/linesOperations/register.js';
import 'monaco-editor/features/multicursor/register.js';
import 'monaco-editor/features/smartSelect/register.js';
import 'monaco-editor/features/snippet/register.js';
import 'monaco-editor/features/suggest/register.js';
import 'monaco-editor/features/toggleTabFocusMode/register.js';
import 'monaco-editor/features/unicodeHighlighter/register.js';
import 'monaco-editor/features/wordOperations/register.js';
import 'monaco-editor/languages/definitions/yaml/register.js';
import { editor } from 'monaco-editor/editor/editor.api.js';
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
// JSON's own module brings features of the editor with services of theirs. Loaded on demand it would come after the
// first editor, when no service can be added any more, and every later editor would fail.
import 'monaco-editor/languages/features/json/jsonMode.js';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register.js';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker.js?worker';
import { cssColor, currentTheme, onThemeChanged, type Theme } from '../theme.ts';

interface MonacoEnvironment {
  getWorker(moduleId: string, label: string): Worker;
}

(globalThis as { MonacoEnvironment?: MonacoEnvironment }).MonacoEnvironment = {
  getWorker: (_moduleId, label) => (label === 'json' ? new JsonWorker() : new EditorWorker()),
};

// What arrived is shown as it is; a comment or a comma too many is told by the framing's own diagnostics.
export const jsonDiagnostics = { validate: true, allowComments: false, enableSchemaRequest: false } as const;
jsonDefaults.setDiagnosticsOptions(jsonDiagnostics);

const bases: Readonly<Record<Theme, 'vs' | 'vs-dark' | 'hc-black'>> = {
  light: 'vs',
  dark: 'vs-dark',
  'high-contrast': 'hc-black',
};

/** Themes are made from the tokens' values at the time, because the editor knows nothing of custom properties. */
function applyTheme(): void {
  const theme = currentTheme();
  const name = `streamscope-${theme}`;
  editor.defineTheme(name, {
    base: bases[theme],
    inherit: true,
    rules: [
      { token: 'string.key.json', foreground: bare('--k-event') },
      { token: 'string.value.json', foreground: bare('--k-text') },
      { token: 'number.json', foreground: bare('--k-tool') },
      { token: 'keyword.json', foreground: bare('--k-reason') },
      { token: 'type.yaml', foreground: bare('--k-event') },
      { token: 'string.yaml', foreground: bare('--k-text') },
      { token: 'number.yaml', foreground: bare('--k-tool') },
      { token: 'keyword.yaml', foreground: bare('--k-reason') },
      { token: 'comment.yaml', foreground: bare('--fg-2') },
      { token: 'delimiter', foreground: bare('--fg-1') },
    ],
    colors: {
      'editor.background': cssColor('--bg-1'),
      'editor.foreground': cssColor('--fg-0'),
      'editorLineNumber.foreground': cssColor('--fg-2'),
      'editorLineNumber.activeForeground': cssColor('--fg-0'),
      'editor.selectionBackground': cssColor('--accent-weak'),
      'editorGutter.foldingControlForeground': cssColor('--fg-2'),
      'editorIndentGuide.background1': cssColor('--line'),
      'editorBracketMatch.background': cssColor('--bg-3'),
      'editorBracketMatch.border': cssColor('--line-strong'),
      'editorBracketHighlight.unexpectedBracket.foreground': cssColor('--k-error'),
      'editorWidget.background': cssColor('--bg-1'),
      'editorWidget.border': cssColor('--line'),
      'input.background': cssColor('--bg-2'),
      focusBorder: cssColor('--accent'),
      'editorSuggestWidget.background': cssColor('--bg-1'),
      'editorSuggestWidget.foreground': cssColor('--fg-0'),
      'editorSuggestWidget.selectedBackground': cssColor('--accent-weak'),
      'editorSuggestWidget.selectedForeground': cssColor('--fg-0'),
      'editorSuggestWidget.highlightForeground': cssColor('--accent'),
      'editorSuggestWidget.focusHighlightForeground': cssColor('--accent'),
      'editorError.foreground': cssColor('--err'),
    },
  });
  editor.setTheme(name);
}

function bare(token: `--${string}`): string {
  return cssColor(token).slice(1);
}

applyTheme();
onThemeChanged(applyTheme);

export { editor };
