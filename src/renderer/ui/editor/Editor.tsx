import { useEffect, useRef, useState } from 'react';
import type { editor as MonacoEditor } from 'monaco-editor/editor/editor.api.js';
import type { EditorHelp, EditorProblem } from './assist.ts';
import { busy } from '../../state/idle.ts';
import { cssColor } from '../theme.ts';
import './editor.css';

interface EditorProps {
  readonly value: string;
  readonly language: 'json' | 'yaml' | 'plaintext';
  /** Name for assistive technology. */
  readonly label: string;
  readonly readOnly?: boolean;
  /** The user changed the text. Not called for a new `value`. */
  readonly onChange?: (value: string) => void;
  readonly wrap?: boolean;
  readonly lineNumbers?: boolean;
  /** Completes what is written. The same object for the life of the editor. */
  readonly help?: EditorHelp;
  /** Underlined; another list takes the place of the one before. */
  readonly problems?: readonly EditorProblem[];
  /** Goes there and takes the focus, once for each object. */
  readonly place?: EditorPlace | null;
}

/** Line and column from 1. */
export interface EditorPlace {
  readonly line: number;
  readonly column: number;
}

const noProblems: readonly EditorProblem[] = [];

/** Shown before the editor is there; what is longer is cut, for a moment. */
const previewChars = 20_000;
const readOnlyMessage = 'This is what arrived; it cannot be changed.';

/**
 * A text in the Monaco editor; fills its parent. The editor is loaded when the first one is shown, and the bare text
 * stands in its place until then. Changing `value` keeps the element, its undo history begins anew.
 */
export function Editor(props: EditorProps) {
  const { value, language, label, readOnly = false, onChange, wrap = false, lineNumbers = false } = props;
  const { help, problems = noProblems, place = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const [instance, setInstance] = useState<MonacoEditor.IStandaloneCodeEditor | null>(null);
  const changed = useRef(onChange);
  const silent = useRef(false);
  const firstLanguage = useRef(language);
  useEffect(() => {
    changed.current = onChange;
    firstLanguage.current = language;
  });

  useEffect(() => {
    let ended = false;
    let created: MonacoEditor.IStandaloneCodeEditor | null = null;
    const loaded = busy('editor');
    const create = async (): Promise<void> => {
      const [{ editor }, { helpedModel }] = await Promise.all([import('./monaco.ts'), import('./assist.ts')]);
      if (ended || box.current === null) return;
      const model =
        help === undefined ? editor.createModel('', firstLanguage.current) : helpedModel(firstLanguage.current, help);
      created = editor.create(box.current, {
        ...fixedOptions(),
        ...(help === undefined ? {} : { quickSuggestions: { other: true, strings: true, comments: false } }),
        model,
        readOnly,
        domReadOnly: readOnly,
        ariaLabel: label,
      });
      created.onDidChangeModelContent(() => {
        if (!silent.current) changed.current?.(model.getValue());
      });
      setInstance(created);
    };
    void create().finally(loaded);
    return () => {
      ended = true;
      setInstance(null);
      const model = created?.getModel();
      created?.dispose();
      model?.dispose();
    };
  }, [readOnly, label, help]);

  // Not made anew for another language: whoever writes the first brace of a document goes on writing.
  useEffect(() => {
    const model = instance?.getModel() ?? null;
    if (model !== null && model.getLanguageId() !== language) {
      void import('./monaco.ts').then(({ editor }) => {
        if (!model.isDisposed()) editor.setModelLanguage(model, language);
      });
    }
  }, [instance, language]);

  useEffect(() => {
    instance?.updateOptions({
      wordWrap: wrap ? 'on' : 'off',
      lineNumbers: lineNumbers ? 'on' : 'off',
      lineDecorationsWidth: lineNumbers ? 10 : 4,
    });
  }, [instance, wrap, lineNumbers]);

  useEffect(() => {
    if (instance === null || instance.getValue() === value) return;
    silent.current = true;
    instance.setValue(value);
    silent.current = false;
    instance.setScrollPosition({ scrollTop: 0, scrollLeft: 0 });
  }, [instance, value]);

  useEffect(() => {
    const model = instance?.getModel() ?? null;
    if (model === null) return;
    void import('./assist.ts').then(({ markProblems }) => {
      if (!model.isDisposed()) markProblems(model, problems);
    });
  }, [instance, problems]);

  useEffect(() => {
    if (instance === null || place === null) return;
    instance.setPosition({ lineNumber: place.line, column: place.column });
    instance.revealLineInCenterIfOutsideViewport(place.line);
    instance.focus();
  }, [instance, place]);

  return (
    <div className="ss-editor">
      <div ref={box} className="ss-editor-box" />
      {instance === null && <pre className="ss-editor-preview">{value.slice(0, previewChars)}</pre>}
    </div>
  );
}

function fixedOptions(): MonacoEditor.IStandaloneEditorConstructionOptions {
  return {
    automaticLayout: true,
    fontFamily: cssColor('--font-data'),
    fontSize: 12,
    lineHeight: 18,
    padding: { top: 8, bottom: 8 },
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    renderLineHighlight: 'none',
    overviewRulerLanes: 0,
    hideCursorInOverviewRuler: true,
    renderFinalNewline: 'on',
    overviewRulerBorder: false,
    lineNumbersMinChars: 3,
    glyphMargin: false,
    folding: true,
    showFoldingControls: 'always',
    foldingStrategy: 'indentation',
    guides: { indentation: true, bracketPairs: false },
    links: false,
    contextmenu: false,
    fixedOverflowWidgets: true,
    wrappingIndent: 'deepIndent',
    stickyScroll: { enabled: false },
    occurrencesHighlight: 'off',
    selectionHighlight: false,
    quickSuggestions: false,
    tabFocusMode: true,
    tabSize: 2,
    insertSpaces: true,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
    unicodeHighlight: { nonBasicASCII: false, ambiguousCharacters: false, invisibleCharacters: true },
    readOnlyMessage: { value: readOnlyMessage },
  };
}
