import { runCli } from './hosts/cli/runCli.ts';
import { startWebHost } from './hosts/web/startWebHost.ts';

await runCli(startWebHost);
