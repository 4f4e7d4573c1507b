import { beforeEach, describe, expect, it } from 'vitest';
import {
  changeDraftOf,
  discardDraft,
  isChanged,
  newScenario,
  openScenario,
  removeScenario,
  saveScenario,
  scenarioFromRecording,
  useScenarios,
} from '../../../../src/renderer/state/scenarios.ts';
import { useView } from '../../../../src/renderer/state/view.ts';
import { FailureError } from '../../../../src/shared/failure.ts';
import { stubEngine } from './stubEngine.ts';

const line = { name: 'a', method: 'GET', path: '/scenarios/a', explanation: '', changedAt: 0, problem: null };
const drafts = () => useScenarios.getState().drafts;
const open = () => drafts().find(({ key }) => key === useScenarios.getState().open);

beforeEach(() => useScenarios.setState({ drafts: [], open: null, reading: null, failure: null }));

describe('scenarios that are edited', () => {
  it('begin under a name that is free, in the panel', () => {
    newScenario('records', 'x', ['records']);
    newScenario('records', 'x', ['records']);
    expect(drafts().map(({ name }) => name)).toEqual(['records-2', 'records-3']);
    expect(useView.getState().panel).toBe('mock');
  });

  it('keep what was typed while another one is shown', async () => {
    const engine = stubEngine({ 'scenario.read': ({ name }) => ({ text: `text of ${name}` }) });
    await openScenario(engine, 'a');
    changeDraftOf(open()!.key, { text: 'typed' });
    await openScenario(engine, 'b');
    expect(open()).toMatchObject({ name: 'b', text: 'text of b' });
    await openScenario(engine, 'a');
    expect(open()).toMatchObject({ name: 'a', text: 'typed' });
    expect(isChanged(open()!)).toBe(true);
    expect(engine.calls.map(({ name }) => name)).toEqual(['scenario.read', 'scenario.read']);
    discardDraft(open()!.key);
    expect(open()).toBeUndefined();
  });

  it('stay unsaved, with the reason, when the engine refuses them', async () => {
    let refuses = true;
    const engine = stubEngine({
      'scenario.save': () => {
        if (refuses) throw new FailureError({ code: 'scenario/invalid', message: 'line 2: no step' });
        return line;
      },
    });
    newScenario('a', 'bad', []);
    const { key } = open()!;
    expect(await saveScenario(engine, key)).toBe(false);
    expect(open()).toMatchObject({ saved: null, failure: { message: 'line 2: no step' } });
    changeDraftOf(key, { text: 'good' });
    expect(open()?.failure).toBeNull();
    refuses = false;
    expect(await saveScenario(engine, key)).toBe(true);
    expect(isChanged(open()!)).toBe(false);
  });

  it('come from recordings with what could not be told, and stay open when they are deleted', async () => {
    const engine = stubEngine({
      'scenario.fromRecording': () => ({ name: 'a', text: 'steps', notes: ['no trailers'] }),
      'scenario.save': () => line,
      'scenario.remove': () => ({}),
    });
    await scenarioFromRecording(engine, 'r1');
    expect(open()).toMatchObject({ name: 'a', text: 'steps', notes: ['no trailers'], saved: null });
    await saveScenario(engine, open()!.key);
    await removeScenario(engine, 'a');
    expect(open()).toMatchObject({ text: 'steps', saved: null });
  });
});
