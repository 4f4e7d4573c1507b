import { createContext, useContext, useEffect, useRef, type ReactNode } from 'react';
import { Group, Panel, Separator, type PanelImperativeHandle } from 'react-resizable-panels';
import { changeSettings, settingsNow, useSettings } from '../state/settings.ts';

type Orientation = 'horizontal' | 'vertical';
const OrientationContext = createContext<Orientation>('horizontal');

/** The pixels of a pane that was never resized: a share of the window. */
export function defaultPanePixels(share: number, minPixels: number, orientation: Orientation): number {
  const whole = orientation === 'horizontal' ? window.innerWidth : window.innerHeight;
  return Math.max(minPixels, Math.round(share * whole));
}

interface PaneGroupProps {
  readonly id: string;
  readonly orientation: Orientation;
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
      <OrientationContext value={orientation}>{children}</OrientationContext>
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
  /** Part of the window it takes while the user has not said how much. */
  readonly defaultShare: number;
  readonly minPixels: number;
  readonly children: ReactNode;
}

/** A pane that keeps its size in pixels, and that dragging it small, or `togglePane`, collapses. */
export function SidePane({ name, defaultShare, minPixels, children }: SidePaneProps) {
  const orientation = useContext(OrientationContext);
  const { collapsed, panes } = useSettings();
  const isCollapsed = collapsed.includes(name);
  const panel = useRef<PanelImperativeHandle>(null);
  const pixels = Math.max(minPixels, panes[name] ?? defaultPanePixels(defaultShare, minPixels, orientation));

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
