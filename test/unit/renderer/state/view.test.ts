import { beforeEach, describe, expect, it } from 'vitest';
import { useView, viewActions } from '../../../../src/renderer/state/view.ts';

beforeEach(() => {
  viewActions.openRecording(null);
  viewActions.setTab('frames');
});

describe('the view', () => {
  it('begins anew with another recording and keeps the tab', () => {
    viewActions.openRecording('a');
    viewActions.setTab('raw');
    viewActions.selectFrame(7, 'table');
    viewActions.setVisible({ fromMicros: 1, toMicros: 2 });
    viewActions.setFilterText('x');
    viewActions.setFilter('f1', null);
    viewActions.openRecording('b');
    expect(useView.getState()).toMatchObject({
      recordingId: 'b',
      selectedFrame: null,
      visible: null,
      filterText: '',
      filterId: null,
      follow: true,
      tab: 'raw',
    });
  });

  it('keeps everything when the open recording is opened again', () => {
    viewActions.openRecording('a');
    viewActions.selectFrame(7, 'timeline');
    viewActions.openRecording('a');
    expect(useView.getState()).toMatchObject({ selectedFrame: 7, selectionOrigin: 'timeline' });
  });

  it('stops following when the user selects, and shows the whole end again when told to follow', () => {
    viewActions.openRecording('a');
    viewActions.selectFrame(3, 'keys');
    viewActions.setVisible({ fromMicros: 0, toMicros: 10 });
    expect(useView.getState().follow).toBe(false);
    viewActions.setFollow(true);
    expect(useView.getState()).toMatchObject({ follow: true, visible: null, selectedFrame: 3 });
  });

  it('goes on following when a selection is given up', () => {
    viewActions.openRecording('a');
    viewActions.selectFrame(null, 'table');
    expect(useView.getState().follow).toBe(true);
  });
});
