import { CircleCheck, CircleX, Play, Save, Trash2, Undo2 } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { scenarioName, type MockDescription, type ScenarioCheck, type ScenarioProblem } from '../../shared/mock.ts';
import type { RequestSpec } from '../../shared/request.ts';
import { useEngine } from '../state/EngineContext.tsx';
import {
  changeDraftOf,
  discardDraft,
  isChanged,
  removeScenario,
  saveScenario,
  type ScenarioDraft,
} from '../state/scenarios.ts';
import { sendRequest, takeRequest } from '../state/sending.ts';
import { Button } from '../ui/Button.tsx';
import { Editor, type EditorPlace } from '../ui/editor/Editor.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { visibleText } from '../ui/visibleText.ts';
import { exampleForm, requestOf } from './endpointForm.ts';
import { PreviewChart } from './PreviewChart.tsx';
import { useScenarioCheck, useScenarioHelp } from './useScenario.ts';

interface ScenarioEditorProps {
  readonly draft: ScenarioDraft;
  readonly mock: MockDescription;
}

/** One scenario: its text, what is wrong with it, what it does, and what it would send. */
export function ScenarioEditor({ draft, mock }: ScenarioEditorProps) {
  const { help, failure: unknownSchema } = useScenarioHelp();
  const { check, failure } = useScenarioCheck(draft.text);
  const [place, setPlace] = useState<EditorPlace | null>(null);
  const problems = useMemo(() => (check?.problems ?? []).map(markOf), [check]);
  return (
    <section className="ss-scenario" aria-label={`Scenario ${draft.name}`}>
      <ScenarioHead draft={draft} mock={mock} check={check} />
      {draft.failure !== null && <FailureBox failure={draft.failure} />}
      {draft.notes.length > 0 && (
        <ul className="ss-scenario-notes" aria-label="What the scenario does not tell of the recording">
          {draft.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <div className="ss-scenario-text">
        {(help !== null || unknownSchema !== null) && (
          <Editor
            value={draft.text}
            language={draft.text.trimStart().startsWith('{') ? 'json' : 'yaml'}
            label="Text of the scenario"
            lineNumbers
            {...(help === null ? {} : { help })}
            problems={problems}
            place={place}
            onChange={(text) => changeDraftOf(draft.key, { text })}
          />
        )}
      </div>
      <div className="ss-scenario-says">
        {failure !== null && <FailureBox failure={failure} />}
        {check !== null && <Verdict check={check} onPlace={setPlace} />}
        {check !== null && <Foretold check={check} />}
      </div>
    </section>
  );
}

function markOf({ suggestion, message, ...where }: ScenarioProblem) {
  return { ...where, message: suggestion === null ? message : `${message}\n${suggestion}` };
}

interface ScenarioHeadProps extends ScenarioEditorProps {
  readonly check: ScenarioCheck | null;
}

function ScenarioHead({ draft, mock, check }: ScenarioHeadProps) {
  const engine = useEngine();
  const id = useId();
  const [removing, setRemoving] = useState(false);
  const isNamed = scenarioName.safeParse(draft.name).success;
  const isWrong = (check?.problems.length ?? 0) > 0;
  const { saved, key } = draft;
  const save = (): Promise<boolean> => saveScenario(engine, key);
  const send = async (): Promise<void> => {
    if (isChanged(draft) && !(await save())) return;
    const request = requestTo(await engine.call('mock.describe', {}), draft.name);
    if (request === null) return;
    takeRequest(request);
    void sendRequest(engine, request, null);
  };
  return (
    <div className="ss-scenario-head">
      <label htmlFor={id}>Name</label>
      <input
        id={id}
        className="ss-field ss-data"
        spellCheck={false}
        autoComplete="off"
        value={draft.name}
        aria-invalid={!isNamed}
        title={isNamed ? `/scenarios/${draft.name}` : 'a-z, 0-9, dot, dash and underscore, at most 64'}
        onChange={({ target }) => changeDraftOf(key, { name: target.value })}
      />
      <Button
        look="primary"
        disabled={!isNamed || isWrong || !mock.running}
        title={mock.running ? 'Saves it first where it was changed' : 'Start the mock server first'}
        onClick={() => void send()}
      >
        <Play size={13} aria-hidden /> Send to this scenario
      </Button>
      <Button disabled={!isNamed || !isChanged(draft)} onClick={() => void save()}>
        <Save size={13} aria-hidden /> {saved !== null && saved.name !== draft.name ? 'Save as new' : 'Save'}
      </Button>
      <Button look="plain" disabled={!isChanged(draft)} onClick={() => discardDraft(key)}>
        <Undo2 size={13} aria-hidden /> Discard
      </Button>
      {saved !== null &&
        (removing ? (
          <span className="ss-scenario-sure" role="group" aria-label="Delete it?">
            Delete “{saved.name}”?
            <Button
              look="danger"
              autoFocus
              onClick={() => {
                setRemoving(false);
                void removeScenario(engine, saved.name);
              }}
            >
              Delete
            </Button>
            <Button onClick={() => setRemoving(false)}>Keep</Button>
          </span>
        ) : (
          <Button look="plain" onClick={() => setRemoving(true)}>
            <Trash2 size={13} aria-hidden /> Delete…
          </Button>
        ))}
    </div>
  );
}

/** The request that asks for a saved scenario; null where the mock server does not perform it. */
function requestTo(mock: MockDescription, name: string): RequestSpec | null {
  const line = mock.scenarios.find((scenario) => scenario.name === name);
  if (line === undefined) return null;
  const { method, path } = line;
  const endpoint = { method, path, title: '', group: '', example: path.replace(/\{\w+\}/g, '1'), knobs: [] };
  return requestOf(mock, endpoint, exampleForm({ ...endpoint, exampleBody: null }));
}

interface VerdictProps {
  readonly check: ScenarioCheck;
  readonly onPlace: (place: EditorPlace) => void;
}

function Verdict({ check: { problems, explanation }, onPlace }: VerdictProps) {
  if (problems.length === 0) {
    return (
      <p className="ss-scenario-verdict" role="status">
        <CircleCheck size={14} className="ss-tone-good" aria-hidden /> {explanation}
      </p>
    );
  }
  return (
    <ul className="ss-scenario-problems" aria-label="What is wrong with the scenario">
      {problems.map(({ line, column, message, suggestion }, i) => (
        <li key={i}>
          <button type="button" onClick={() => onPlace({ line, column })}>
            <CircleX size={14} className="ss-tone-error" aria-hidden />
            <span className="ss-data">line {line}</span>
            <span>
              {message}
              {suggestion !== null && <b> {suggestion}</b>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Foretold({ check: { preview } }: { readonly check: ScenarioCheck }) {
  if (preview === null) return null;
  const text = `${preview.head.trimEnd()}\n\n${preview.beginning}`;
  return (
    <div className="ss-scenario-foretold">
      <PreviewChart preview={preview} />
      <pre
        className="ss-scenario-beginning ss-data ss-selectable"
        tabIndex={0}
        aria-label="Head and beginning of the body"
      >
        {text
          .split('\n')
          .map((line) => visibleText(line.replace(/\r$/, '')))
          .join('\n')}
      </pre>
    </div>
  );
}
