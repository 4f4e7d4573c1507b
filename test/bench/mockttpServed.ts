import { getLocal } from 'mockttp';

/** mockttp as a forwarding proxy whose listener gets every body, in a process of its own. Its URL is the first message. */
const [origin = ''] = process.argv.slice(2);
const server = getLocal();
await server.start();
await server.forAnyRequest().thenForwardTo(origin);
await server.on('request', (request) => void request.body.getText());
await server.on('response', (response) => void response.body.getText());
process.on('message', () => process.send?.({ peakRssBytes: process.resourceUsage().maxRSS * 1_024 }));
process.once('disconnect', () => process.exit(0));
process.send?.(server.url);
