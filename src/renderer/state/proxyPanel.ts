import { create } from 'zustand';
import { viewActions } from './view.ts';

export type ProxySection = 'routes' | 'exchanges' | 'interventions';

export const useProxyPanel = create<{ readonly section: ProxySection }>()(() => ({ section: 'routes' }));

export function showProxyPanel(section: ProxySection): void {
  useProxyPanel.setState({ section });
  viewActions.showPanel('proxy');
}
