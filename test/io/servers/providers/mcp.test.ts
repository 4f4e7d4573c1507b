import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { expectLeft, mockHeaders, planOf, question, textOf, thrownBy, useProvider } from './provider.ts';

const provider = useProvider();

async function connected(behaviour?: string, more?: string) {
  const transport = new StreamableHTTPClientTransport(new URL(`${provider.url}/mcp`), {
    requestInit: { headers: mockHeaders(behaviour, more) },
  });
  const client = new Client({ name: 'test', version: '1' });
  const errors: unknown[] = [];
  client.onerror = (error) => void errors.push(error);
  await client.connect(transport);
  return { client, transport, errors };
}

const call = { name: 'answer', arguments: { prompt: question } };

describe('MCP over streamable HTTP', () => {
  it('begins a session and lists its tools', async () => {
    const { client, transport, errors } = await connected();
    expect(transport.sessionId).toMatch(/^mock-session-/);
    expect(client.getServerVersion()).toMatchObject({ name: 'streamscope-mock' });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['answer', 'look_up_weather']);
    await client.ping();
    await client.close();
    expect(errors).toEqual([]);
  });

  it('calls a tool: progress first, then the result', async () => {
    const { client, errors } = await connected();
    const progress: number[] = [];
    const result = await client.callTool(call, undefined, {
      onprogress: ({ progress: done, total }) => void progress.push(done / (total ?? 0)),
    });
    expect(result.content).toEqual([{ type: 'text', text: textOf(planOf('text')) }]);
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.at(-1)).toBe(1);
    await client.close();
    expect(errors).toEqual([]);
  });

  it('gives a result with a structure that its schema takes', async () => {
    const { client } = await connected();
    await client.listTools();
    const result = await client.callTool({ name: 'look_up_weather', arguments: { city: 'Porto' } });
    expect(result.structuredContent).toEqual({ city: 'Porto', celsius: 21.5 });
    await client.close();
  });

  it('tells a tool that refuses from a call that fails', async () => {
    const refused = await connected('refusal');
    expect(await refused.client.callTool(call)).toMatchObject({ isError: true });
    await refused.client.close();
    const { client } = await connected('error');
    const error = await thrownBy(() => client.callTool(call));
    expect(error).toBeInstanceOf(McpError);
    expect(error.message).toMatch(/overloaded in the middle/);
    await client.close();
  });

  it('turns away who is not let in, who has no session, and what it does not know', async () => {
    const denied = await thrownBy(() => connected('error-429'));
    expect(denied.message).toMatch(/ask too often/);
    const post = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
      return (await fetch(`${provider.url}/mcp`, { method: 'POST', headers, body })).status;
    };
    expect(await post({})).toBe(400);
    expect(await post({ 'mcp-session-id': 'another' })).toBe(404);
    expect(await post({ 'mcp-protocol-version': '2026-07-28' })).toBe(200);
    const { client } = await connected();
    expect((await thrownBy(() => client.callTool({ name: 'nothing' }))).message).toMatch(/no tool nothing/);
    await client.close();
  });

  it('is missed when it leaves', async () => {
    const { client } = await connected('text', '&n=20000&delayMs=20');
    const calling = client.callTool(call, undefined, { onprogress: () => void client.close() });
    await thrownBy(() => calling);
    await expectLeft(provider);
  });
});
