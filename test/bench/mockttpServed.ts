import { getLocal } from 'mockttp';

/**
 * mockttp as a forwarding proxy whose listener gets every body as it passes, piece by piece, in a process of its own. Its
 * URL is the first message.
 */
const [origin = ''] = process.argv.slice(2);
const server = getLocal();
await server.start();
await server.forAnyRequest().thenForwardTo(origin);
let seenBytes = 0;
const see = ({ content }: { readonly content: Uint8Array }): void => {
  seenBytes += content.byteLength;
};
await server.on('request-body-data', see);
await server.on('response-body-data', see);
process.on('message', () => process.send?.({ peakRssBytes: process.resourceUsage().maxRSS * 1_024, seenBytes }));
process.once('disconnect', () => process.exit(0));
process.send?.(server.url);
