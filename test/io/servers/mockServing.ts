/** A mock server in a process of its own: prints its address, runs until its input ends. */
import { createMockServer } from '../../../src/main/servers/mock/mockServer.ts';

const server = createMockServer({ port: 0 });
const { url } = await server.start();
process.stdout.write(`${url}\n`);
process.stdin.resume();
process.stdin.once('end', () => void server.stop().then(() => process.exit(0)));
