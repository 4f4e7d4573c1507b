import '../../../src/renderer/host/strictPolicy.ts';
import { connectHost } from '../../../src/renderer/host/connectHost.ts';
import type { ConnectionState, HostConnection } from '../../../src/renderer/host/hostConnection.ts';
import type { FileOpening, MenuCommand } from '../../../src/shared/desktopBridge.ts';

export interface ContractPage {
  readonly host: HostConnection;
  readonly connections: ConnectionState[];
  readonly openings: FileOpening[];
  readonly commands: MenuCommand[];
  readonly violations: string[];
}

const host = connectHost();
const page: ContractPage = { host, connections: [], openings: [], commands: [], violations: [] };
host.onConnectionChanged((state) => page.connections.push(state));
host.onFileOpening((opening) => page.openings.push(opening));
host.onMenuCommand((command) => page.commands.push(command));
document.addEventListener('securitypolicyviolation', (event) => {
  page.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
Object.assign(window, { contractPage: page });
