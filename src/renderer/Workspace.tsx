import { PanelRight } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect } from 'react';
import { Compare } from './compare/Compare.tsx';
import { Diagnostics } from './diagnostics/Diagnostics.tsx';
import { Exchange } from './exchange/Exchange.tsx';
import { FramesView } from './frames/FramesView.tsx';
import { Inspector } from './inspector/Inspector.tsx';
import { Message } from './message/Message.tsx';
import { RawView } from './raw/RawView.tsx';
import { useRecordingPart } from './state/recording.ts';
import { tabs, useView, viewActions, type Tab } from './state/view.ts';
import { StatusStrip } from './status/StatusStrip.tsx';
import { Timeline } from './timeline/Timeline.tsx';
import { TimingView } from './timing/TimingView.tsx';
import { formatCount } from './ui/format.ts';
import { IconButton } from './ui/IconButton.tsx';
import { MainPane, PaneBorder, PaneGroup, SidePane, togglePane } from './ui/Panes.tsx';

const titles: Readonly<Record<Tab, string>> = {
  frames: 'Frames',
  message: 'Message',
  diagnostics: 'Diagnostics',
  timing: 'Timing',
  raw: 'Raw',
  exchange: 'Exchange',
  compare: 'Compare',
};

const views: Readonly<Record<Tab, () => React.JSX.Element | null>> = {
  frames: FramesView,
  message: Message,
  diagnostics: Diagnostics,
  timing: TimingView,
  raw: RawView,
  exchange: Exchange,
  compare: Compare,
};

const productName = 'Streamscope';

/** Tabs whose rows are frames, beside which the selected frame is shown. */
const withInspector: readonly Tab[] = ['frames', 'diagnostics', 'raw'];

/** The open recording: status, timeline, its views and the inspector. */
export function Workspace() {
  return (
    <main className="ss-workspace" aria-label="Recording">
      <Heading />
      <StatusStrip />
      <div className="ss-workspace-panes">
        <PaneGroup id="workspace" orientation="vertical" sides={['timeline']}>
          <SidePane name="timeline" defaultShare={0.27} minPixels={96}>
            <Timeline />
          </SidePane>
          <PaneBorder label="Height of the timeline" />
          <MainPane id="views">
            <Views />
          </MainPane>
        </PaneGroup>
      </div>
    </main>
  );
}

/** The name of what is open, for the window's title and for assistive technology. */
function Heading() {
  const name = useRecordingPart((live) => live.detail?.summary.name);
  useEffect(() => {
    document.title = name === undefined ? productName : `${name} · ${productName}`;
    return () => {
      document.title = productName;
    };
  }, [name]);
  return <h1 className="ss-unseen">{name ?? 'Recording'}</h1>;
}

function isTab(value: string): value is Tab {
  return tabs.some((tab) => tab === value);
}

function Views() {
  const tab = useView((view) => view.tab);
  const View = views[tab];
  const inspects = withInspector.includes(tab);
  return (
    <Tabs.Root
      className="ss-views"
      value={tab}
      onValueChange={(value) => {
        if (isTab(value)) viewActions.setTab(value);
      }}
    >
      <div className="ss-tabs">
        <Tabs.List aria-label="Views of the recording">
          {tabs.map((each) => (
            <Tabs.Trigger key={each} value={each} className="ss-tab">
              <span className="ss-tab-title" data-title={titles[each]}>
                {titles[each]}
              </span>
              {each === 'diagnostics' && <DiagnosticsBadge />}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {inspects && (
          <IconButton label="Show or hide the inspector" icon={PanelRight} onClick={() => togglePane('inspector')} />
        )}
      </div>
      <Tabs.Content className="ss-view" value={tab} tabIndex={-1}>
        {inspects ? (
          <PaneGroup id="inspected" orientation="horizontal" sides={['inspector']}>
            <MainPane id="view">
              <View />
            </MainPane>
            <PaneBorder label="Width of the inspector" />
            <SidePane name="inspector" defaultShare={0.29} minPixels={220}>
              <Inspector />
            </SidePane>
          </PaneGroup>
        ) : (
          <View />
        )}
      </Tabs.Content>
    </Tabs.Root>
  );
}

function DiagnosticsBadge() {
  const counts = useRecordingPart(({ detail, advanced }) => advanced?.counts ?? detail?.summary.counts)?.diagnostics;
  if (counts === undefined) return null;
  const total = counts.error + counts.warning + counts.info;
  if (total === 0) return null;
  const tone = counts.error > 0 ? 'error' : counts.warning > 0 ? 'warning' : 'info';
  return (
    <span className="ss-badge" data-tone={tone}>
      {formatCount(total)}
    </span>
  );
}
