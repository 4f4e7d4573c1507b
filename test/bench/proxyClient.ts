import { Agent, get, type IncomingMessage } from 'node:http';

/**
 * What a client sees, in a process of its own: `first <count> <url>` the time to the first byte of each of so many
 * requests, 40 ms apart · `paced <streams> <url>` how late each event is · `bulk <url>` seconds. JSON on stdout, times in ms.
 */
const [what = '', amount = '', url = amount] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

function answerOf(address: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(address, { agent }, resolve).on('error', reject);
  });
}

function firstByte(): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      let took = NaN;
      answer.once('data', () => {
        took = performance.now() - began;
      });
      answer.on('end', () => resolve(took));
      answer.resume();
    }).on('error', reject);
  });
}

async function latenesses(): Promise<readonly number[]> {
  const answer = await answerOf(url);
  const found: number[] = [];
  for await (const piece of answer as AsyncIterable<Buffer>) {
    const now = process.hrtime.bigint();
    for (const [, sent = '0'] of piece.toString('latin1').matchAll(/data: (\d+) /g)) {
      found.push(Number(now - BigInt(sent)) / 1e6);
    }
  }
  return found;
}

async function run(): Promise<unknown> {
  switch (what) {
    case 'first': {
      const times: number[] = [];
      for (let n = 0; n < Number(amount); n++) {
        times.push(await firstByte());
        // What a proxy does behind an exchange is not the next one's first byte.
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      return times;
    }
    case 'paced':
      return (await Promise.all(Array.from({ length: Number(amount) }, latenesses))).flat();
    default: {
      const began = performance.now();
      let bytes = 0;
      for await (const piece of (await answerOf(url)) as AsyncIterable<Buffer>) bytes += piece.byteLength;
      return { bytes, seconds: (performance.now() - began) / 1_000 };
    }
  }
}

process.stdout.write(JSON.stringify(await run()));
agent.destroy();
