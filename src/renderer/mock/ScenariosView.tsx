import { FileCode, Plus } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { MockDescription, ScenarioLine } from '../../shared/mock.ts';
import { useEngine } from '../state/EngineContext.tsx';
import {
  isChanged,
  newScenario,
  openScenario,
  showDraft,
  useScenarios,
  type ScenarioDraft,
} from '../state/scenarios.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';
import { PaneLoading, PaneMessage } from '../ui/PaneMessage.tsx';
import { ScenarioEditor } from './ScenarioEditor.tsx';
import { templates } from './templates.ts';

/** The scenarios of the mock server, and the editor of one. */
export function ScenariosView({ mock }: { readonly mock: MockDescription }) {
  const drafts = useScenarios((state) => state.drafts);
  const open = useScenarios((state) => state.open);
  const reading = useScenarios((state) => state.reading);
  const failure = useScenarios((state) => state.failure);
  const draft = drafts.find(({ key }) => key === open);
  const taken = mock.scenarios.map(({ name }) => name);
  return (
    <div className="ss-panel-split">
      <nav className="ss-panel-list" aria-label="Scenarios">
        <div className="ss-mock-list-head">
          <NewScenario taken={taken} />
        </div>
        <ScenarioList scenarios={mock.scenarios} drafts={drafts} open={draft} />
      </nav>
      {failure !== null ? (
        <div className="ss-panel-detail">
          <FailureBox failure={failure} />
        </div>
      ) : draft !== undefined ? (
        <ScenarioEditor key={draft.key} draft={draft} mock={mock} />
      ) : reading !== null ? (
        <PaneLoading label={`Reading ${reading}`} />
      ) : (
        <PaneMessage icon={FileCode} title="A stream that behaves as you write it">
          <p>
            A scenario says what is sent, when, in which pieces, and what goes wrong. Begin with a template, or save any
            recording as a scenario from its menu in the library.
          </p>
          <NewScenario taken={taken} />
        </PaneMessage>
      )}
    </div>
  );
}

function NewScenario({ taken }: { readonly taken: readonly string[] }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button>
          <Plus size={14} aria-hidden /> New scenario
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ss-menu" align="start" sideOffset={4} aria-label="Templates">
          {templates.map(({ title, name, text }) => (
            <DropdownMenu.Item key={name} className="ss-menu-item" onSelect={() => newScenario(name, text, taken)}>
              {title}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ScenarioListProps {
  readonly scenarios: readonly ScenarioLine[];
  readonly drafts: readonly ScenarioDraft[];
  readonly open: ScenarioDraft | undefined;
}

function ScenarioList({ scenarios, drafts, open }: ScenarioListProps) {
  const engine = useEngine();
  const unsaved = drafts.filter(({ saved }) => saved === null);
  return (
    <ul className="ss-mock-scenarios">
      {unsaved.map((draft) => (
        <li key={draft.key}>
          <button type="button" aria-current={draft === open} onClick={() => showDraft(draft.key)}>
            <span className="ss-mock-name">{draft.name === '' ? 'without a name' : draft.name}</span>
            <small className="ss-tone-warning">not saved yet</small>
          </button>
        </li>
      ))}
      {scenarios.map(({ name, method, path, explanation, problem }) => {
        const draft = drafts.find(({ saved }) => saved?.name === name);
        return (
          <li key={name}>
            <button
              type="button"
              aria-current={draft !== undefined && draft === open}
              title={problem ?? explanation}
              onClick={() => void openScenario(engine, name)}
            >
              <span className="ss-mock-name">
                {name}
                {draft !== undefined && isChanged(draft) && <span className="ss-tone-warning"> ● changed</span>}
              </span>
              {problem === null ? (
                <small>{explanation}</small>
              ) : (
                <small className="ss-tone-error">cannot be performed: {problem}</small>
              )}
              <code>
                {method} {path}
              </code>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
