import { Activity, PanelLeft } from 'lucide-react';
import { Welcome } from './welcome/Welcome.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { FileDrop } from './import/FileDrop.tsx';
import { chooseFile } from './import/chooseFile.ts';
import { Footer } from './Footer.tsx';
import { Library } from './library/Library.tsx';
import { MockDoor } from './mock/MockDoor.tsx';
import { MockPanel } from './mock/MockPanel.tsx';
import { MoreMenu } from './MoreMenu.tsx';
import { Notices } from './Notices.tsx';
import { OverlayDialogs } from './OverlayDialogs.tsx';
import { ProxyDoor } from './proxy/ProxyDoor.tsx';
import { ProxyPanel } from './proxy/ProxyPanel.tsx';
import { RequestBar } from './request/RequestBar.tsx';
import { RequestMessages } from './request/RequestMessages.tsx';
import { RequestPanel } from './request/RequestPanel.tsx';
import { useEngine } from './state/EngineContext.tsx';
import { useHost } from './state/HostContext.tsx';
import { useSettingsState } from './state/settings.ts';
import { useView, viewActions } from './state/view.ts';
import { IconButton } from './ui/IconButton.tsx';
import { defaultPanePixels, MainPane, PaneBorder, PaneGroup, SidePane, togglePane } from './ui/Panes.tsx';
import { useRemembered } from './useRemembered.ts';
import { useReopening } from './useReopening.ts';
import { useWindowKeys } from './useWindowKeys.ts';
import { useHostCommands } from './useHostCommands.ts';
import { Workspace } from './Workspace.tsx';
import './shell.css';

const libraryShare = 0.172;
const libraryMinPixels = 168;
const brandMinPixels = 176;

/** The regions of the window and what lies over them. @param session changes when the engine was restarted */
export function Shell({ session }: { readonly session: number }) {
  const { loaded, settings } = useSettingsState();
  const libraryPixels = settings.collapsed.includes('library')
    ? 0
    : (settings.panes['library'] ?? defaultPanePixels(libraryShare, libraryMinPixels, 'horizontal'));
  useRemembered();
  useWindowKeys();
  useHostCommands();
  useReopening();
  return (
    <div className="ss-shell">
      <header className="ss-title">
        {/* As wide as the library, so that the address begins where the recording does. */}
        <div className="ss-brand" style={{ flexBasis: Math.max(brandMinPixels, libraryPixels) }}>
          <button
            type="button"
            aria-label="Streamscope: show the start"
            onClick={() => viewActions.openRecording(null)}
          >
            <Activity size={18} aria-hidden />
            <span>Streamscope</span>
          </button>
          <IconButton label="Show or hide the library" icon={PanelLeft} onClick={() => togglePane('library')} />
        </div>
        <RequestBar />
        <MoreMenu />
      </header>
      <ConnectionBanner />
      <RequestMessages />
      <RequestPanel />
      <div className="ss-body">
        {loaded && (
          <PaneGroup id="body" orientation="horizontal" sides={['library']}>
            <SidePane name="library" defaultShare={libraryShare} minPixels={libraryMinPixels}>
              <Library />
            </SidePane>
            <PaneBorder label="Width of the library" />
            <MainPane id="main">
              <Main key={session} />
            </MainPane>
          </PaneGroup>
        )}
      </div>
      <Footer />
      <FileDrop />
      <Notices />
      <OverlayDialogs />
    </div>
  );
}

function Main() {
  const engine = useEngine();
  const { showOpenDialog } = useHost();
  const isOpen = useView((view) => view.recordingId !== null);
  const panel = useView((view) => view.panel);
  if (panel !== null) return panel === 'mock' ? <MockPanel /> : <ProxyPanel />;
  if (isOpen) return <Workspace />;
  return (
    <Welcome mockDoor={<MockDoor />} proxyDoor={<ProxyDoor />} onOpenFile={() => chooseFile(engine, showOpenDialog)} />
  );
}
