import { useEffect, useRef, type ReactNode } from 'react';
import { Group, Panel, Separator, type PanelImperativeHandle } from 'react-resizable-panels';
import { changeSettings, settingsNow, useSettings } from '../state/settings.ts';

interface PaneGroupProps {
  readonly id: string;
  readonly orientation: 'horizontal' | 'vertical';
  /** Names of its side panes: what the user makes of them is remembered. */
  readonly sides: readonly string[];
  readonly children: ReactNode;
}

/** Panes beside or above each other: side panes, and one `MainPane` that takes what they leave. */
export function PaneGroup({ id, orientation, sides, children }: PaneGroupProps) {
  const element = useRef<HTMLDivElement>(null);

  function remember(layout: Readonly<Record<string, number>>): void {
    const whole = (orientation === 'horizontal' ? element.current?.clientWidth : element.current?.clientHeight) ?? 0;
    const { panes, collapsed } = settingsNow();
    const sizes: Record<string, number> = { ...panes };
    const gone = new Set(collapsed);
    for (const name of sides) {
      const pixels = Math.round(((layout[name] ?? 0) / 100) * whole);
      if (pixels > 0) {
        sizes[name] = pixels;
        gone.delete(name);
      } else gone.add(name);
    }
    changeSettings({ panes: sizes, collapsed: [...gone] });
  }

  return (
    <Group
      id={id}
      elementRef={element}
      orientation={orientation}
      resizeTargetMinimumSize={{ coarse: 20, fine: 7 }}
      onLayoutChanged={(layout, { isUserInteraction }) => {
        if (isUserInteraction) remember(layout);
      }}
    >
      {children}
    </Group>
  );
}

/** The pane that takes the room the others leave. */
export function MainPane({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Panel id={id} minSize={160}>
      {children}
    </Panel>
  );
}

interface SidePaneProps {
  /** Its name in the settings, where size and collapse are remembered. */
  readonly name: string;
  readonly defaultPixels: number;
  readonly minPixels: number;
  readonly children: ReactNode;
}

/** A pane that keeps its size in pixels, and that dragging it small, or `togglePane`, collapses. */
export function SidePane({ name, defaultPixels, minPixels, children }: SidePaneProps) {
  const { collapsed, panes } = useSettings();
  const isCollapsed = collapsed.includes(name);
  const panel = useRef<PanelImperativeHandle>(null);
  const pixels = Math.max(minPixels, panes[name] ?? defaultPixels);

  useEffect(() => {
    const handle = panel.current;
    if (handle === null || handle.isCollapsed() === isCollapsed) return;
    if (isCollapsed) handle.collapse();
    else handle.resize(pixels);
  }, [isCollapsed, pixels]);

  return (
    <Panel
      id={name}
      panelRef={panel}
      collapsible
      collapsedSize={0}
      minSize={minPixels}
      defaultSize={isCollapsed ? 0 : pixels}
      groupResizeBehavior="preserve-pixel-size"
    >
      {!isCollapsed && children}
    </Panel>
  );
}

/** The draggable border between two panes. */
export function PaneBorder({ label }: { readonly label: string }) {
  return <Separator className="ss-pane-border" aria-label={label} />;
}

/** Collapses a side pane or brings it back. */
export function togglePane(name: string): void {
  const { collapsed } = settingsNow();
  changeSettings({
    collapsed: collapsed.includes(name) ? collapsed.filter((other) => other !== name) : [...collapsed, name],
  });
}
