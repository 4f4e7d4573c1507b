import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import type { RecordingId } from '../../shared/words.ts';
import { failureOf, isCancelled } from './failureOf.ts';
import { showMockPanel } from './mockPanel.ts';
import { notify, notifyFailure } from './notices.ts';

/** A scenario that is open for editing. What is not saved is kept until the window closes. */
export interface ScenarioDraft {
  /** Identifies it while its name is being typed. */
  readonly key: string;
  readonly name: string;
  readonly text: string;
  /** As the engine has it; null: it was never saved. */
  readonly saved: { readonly name: string; readonly text: string } | null;
  /** What a recording held that a scenario cannot tell. */
  readonly notes: readonly string[];
  /** Why it could not be saved the last time. */
  readonly failure: Failure | null;
}

interface ScenarioState {
  readonly drafts: readonly ScenarioDraft[];
  /** The one that is shown. */
  readonly open: string | null;
  /** A scenario that is being read. */
  readonly reading: string | null;
  readonly failure: Failure | null;
}

export const useScenarios = create<ScenarioState>()(() => ({ drafts: [], open: null, reading: null, failure: null }));

let nextKey = 1;

export function isChanged({ name, text, saved }: ScenarioDraft): boolean {
  return saved === null || saved.name !== name || saved.text !== text;
}

function openDraft(draft: Omit<ScenarioDraft, 'key' | 'failure'>): void {
  const key = String(nextKey++);
  useScenarios.setState(({ drafts }) => ({
    drafts: [...drafts, { ...draft, key, failure: null }],
    open: key,
    failure: null,
  }));
}

export function changeDraftOf(key: string, patch: Partial<Pick<ScenarioDraft, 'name' | 'text'>>): void {
  useScenarios.setState(({ drafts }) => ({
    drafts: drafts.map((draft) => (draft.key === key ? { ...draft, ...patch, failure: null } : draft)),
  }));
}

/** Begins a scenario that is not saved yet. */
export function newScenario(name: string, text: string, taken: readonly string[]): void {
  const { drafts } = useScenarios.getState();
  openDraft({ name: freeName(name, [...taken, ...drafts.map((draft) => draft.name)]), text, saved: null, notes: [] });
  showMockPanel('scenarios');
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let n = 2; taken.includes(free); n++) free = `${name}-${String(n)}`;
  return free;
}

/** Shows a draft that is being edited. */
export function showDraft(key: string): void {
  useScenarios.setState({ open: key, failure: null });
}

/** Opens a saved scenario, with what was changed in it since if it is open already. */
export async function openScenario(engine: EngineClient, name: string): Promise<void> {
  const known = useScenarios.getState().drafts.find(({ saved }) => saved?.name === name);
  if (known !== undefined) {
    showDraft(known.key);
    return;
  }
  useScenarios.setState({ reading: name, failure: null });
  try {
    const { text } = await engine.call('scenario.read', { name });
    // Another one may have been chosen meanwhile.
    if (useScenarios.getState().reading === name) openDraft({ name, text, saved: { name, text }, notes: [] });
  } catch (error) {
    if (!isCancelled(error)) useScenarios.setState({ failure: failureOf(error) });
  } finally {
    useScenarios.setState(({ reading }) => (reading === name ? { reading: null } : {}));
  }
}

/** Writes a scenario from a recording and opens it for editing; it is not saved yet. */
export async function scenarioFromRecording(engine: EngineClient, id: RecordingId): Promise<void> {
  try {
    const { name, text, notes } = await engine.call('scenario.fromRecording', { id });
    const { drafts } = useScenarios.getState();
    openDraft({
      name: freeName(
        name,
        drafts.map((draft) => draft.name),
      ),
      text,
      saved: null,
      notes,
    });
    showMockPanel('scenarios');
  } catch (error) {
    if (!isCancelled(error)) notifyFailure(failureOf(error));
  }
}

/** Saves a draft. One that cannot be performed is refused: the draft says why, and what was saved before goes on. */
export async function saveScenario(engine: EngineClient, key: string): Promise<boolean> {
  const draft = useScenarios.getState().drafts.find((each) => each.key === key);
  if (draft === undefined) return false;
  const { name, text } = draft;
  const settle = (patch: Partial<ScenarioDraft>): void =>
    useScenarios.setState(({ drafts }) => ({
      drafts: drafts.map((each) => (each.key === key ? { ...each, ...patch } : each)),
    }));
  try {
    await engine.call('scenario.save', { name, text });
    settle({ saved: { name, text }, failure: null });
    return true;
  } catch (error) {
    if (!isCancelled(error)) settle({ failure: failureOf(error) });
    return false;
  }
}

/** Forgets what was not saved of a draft. */
export function discardDraft(key: string): void {
  useScenarios.setState(({ drafts, open }) => ({
    drafts: drafts.filter((draft) => draft.key !== key),
    open: open === key ? null : open,
  }));
}

/** Deletes a saved scenario for good. Its text stays open, unsaved, so that it can be saved again. */
export async function removeScenario(engine: EngineClient, name: string): Promise<void> {
  try {
    await engine.call('scenario.remove', { name });
    useScenarios.setState(({ drafts }) => ({
      drafts: drafts.map((draft) => (draft.saved?.name === name ? { ...draft, saved: null } : draft)),
    }));
    const kept = useScenarios.getState().drafts.find((draft) => draft.saved === null && draft.name === name);
    notify({
      tone: 'info',
      text: `The scenario “${name}” was deleted.`,
      ...(kept === undefined ? {} : { action: { title: 'Undo', run: () => void saveScenario(engine, kept.key) } }),
    });
  } catch (error) {
    if (!isCancelled(error)) notifyFailure(failureOf(error));
  }
}
