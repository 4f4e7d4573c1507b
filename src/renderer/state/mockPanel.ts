import { create } from 'zustand';
import { viewActions } from './view.ts';

export type MockSection = 'endpoints' | 'requests' | 'scenarios';

interface MockPanelState {
  readonly section: MockSection;
}

export const useMockPanel = create<MockPanelState>()(() => ({ section: 'endpoints' }));

export function showMockPanel(section: MockSection): void {
  useMockPanel.setState({ section });
  viewActions.showPanel('mock');
}
