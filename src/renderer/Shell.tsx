import { Activity, PanelLeft } from 'lucide-react';
import { Welcome } from './welcome/Welcome.tsx';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { FileDrop } from './import/FileDrop.tsx';
import { chooseFile } from './import/chooseFile.ts';
import { Footer } from './Footer.tsx';
import { Library } from './library/Library.tsx';
import { MockDoor } from './mock/MockDoor.tsx';
import { Notices } from './Notices.tsx';
import { OverlayDialogs } from './OverlayDialogs.tsx';
import { RequestBar } from './request/RequestBar.tsx';
import { RequestMessages } from './request/RequestMessages.tsx';
import { RequestPanel } from './request/RequestPanel.tsx';
import { useEngine } from './state/EngineContext.tsx';
import { useHost } from './state/HostContext.tsx';
import { useSettingsState } from './state/settings.ts';
import { useView } from './state/view.ts';
import { IconButton } from './ui/IconButton.tsx';
import { MainPane, PaneBorder, PaneGroup, SidePane, togglePane } from './ui/Panes.tsx';
import { useWindowKeys } from './useWindowKeys.ts';
import { useHostCommands } from './useHostCommands.ts';
import { Workspace } from './Workspace.tsx';
import './shell.css';

/** The regions of the window and what lies over them. @param session changes when the engine was restarted */
export function Shell({ session }: { readonly session: number }) {
  const { loaded } = useSettingsState();
  useWindowKeys();
  useHostCommands();
  return (
    <div className="ss-shell">
      <header className="ss-title">
        <div className="ss-brand">
          <Activity size={18} aria-hidden />
          <span>Streamscope</span>
          <IconButton label="Show or hide the library" icon={PanelLeft} onClick={() => togglePane('library')} />
        </div>
        <RequestBar />
      </header>
      <ConnectionBanner />
      <RequestMessages />
      <RequestPanel />
      <div className="ss-body">
        {loaded && (
          <PaneGroup id="body" orientation="horizontal" sides={['library']}>
            <SidePane name="library" defaultPixels={242} minPixels={168}>
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
  if (isOpen) return <Workspace />;
  return <Welcome mockDoor={<MockDoor />} onOpenFile={() => chooseFile(engine, showOpenDialog)} />;
}
