import { beforeEach, describe, expect, it } from 'vitest';
import { showsRecording, useView, viewActions } from '../../../../src/renderer/state/view.ts';

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

  it('shows a panel in place of the recording, which is as it was when it is shown again', () => {
    viewActions.openRecording('a');
    viewActions.selectFrame(7, 'timeline');
    viewActions.showPanel('mock');
    expect(showsRecording(useView.getState())).toBe(false);
    viewActions.openRecording('a');
    expect(useView.getState()).toMatchObject({ panel: null, selectedFrame: 7 });
    viewActions.showPanel('proxy');
    viewActions.setTab('raw');
    expect(showsRecording(useView.getState())).toBe(true);
    viewActions.showPanel('proxy');
    viewActions.openRecording('b');
    expect(useView.getState()).toMatchObject({ panel: null, recordingId: 'b' });
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
