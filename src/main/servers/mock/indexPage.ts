import type { MockEndpoint } from '../../../engine/mock/endpoint.ts';
import { inGroups } from '../../../engine/mock/endpoints.ts';
import { faultDescriptions } from '../../../engine/mock/faults/catalogue.ts';
import type { BadCertificate } from '../../../engine/mock/faults/effect.ts';

/** Where the server is over TLS. */
export interface SecureAddresses {
  /** Null: nowhere at the moment. */
  readonly url: string | null;
  /** Ports whose certificate no client should accept. */
  readonly certificates: Readonly<Partial<Record<BadCertificate, string>>>;
}

/** The list of endpoints and faults for a browser: one plain page without scripts or anything to load. */
export function indexPage(endpoints: readonly MockEndpoint[], secure: SecureAddresses): string {
  const groups = inGroups(endpoints);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Streamscope mock server</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere }
section { border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: .5rem 0 1rem }
h2 { font-size: 1.3rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: .5rem 0 }
nav a { margin-right: 1rem }
pre { overflow-x: auto; padding: .5rem; background: color-mix(in srgb, currentColor 8%, transparent) }
summary { cursor: pointer }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; font-weight: normal }
</style>
</head>
<body>
<h1>Streamscope mock server</h1>
<p>Streams to look at. Set a knob in the query string: <code>?n=1000&amp;delayMs=10</code>, or in the JSON body where the
example has one with knobs. In lines for a shell, <code>$MOCK</code> is the address of this page. Everyone but a browser gets this list as JSON. <a href="/health">/health</a> says what the server has carried.</p>
<p>HTTP/1.1, HTTP/2 and TLS are all on this port${secure.url === null ? '' : `, so also at <code>${escapeHtml(secure.url)}</code>, by the authority of <a href="/authority.pem">/authority.pem</a>`}.</p>
<nav>${groups.map(([name]) => `<a href="#${anchor(name)}">${escapeHtml(name)}</a>`).join('\n')}
<a href="#faults">Faults</a></nav>
${groups.map(group).join('\n')}
<h2 id="faults">Faults</h2>
<section>
<p>Any of these with any stream: <code>?fault=reset@frame:5</code>, several joined by commas, or in the header
<code>X-Mock-Fault</code>. <code>@frame:5</code> is behind the fifth frame, <code>@frame:5.5</code> in the middle of the
next one.</p>
<table>
${faultDescriptions.map(faultRow).join('\n')}
${Object.entries(secure.certificates).map(certificateRow).join('\n')}
</table>
</section>
</body>
</html>
`;
}

function faultRow({ example, sentence, argument, places, protocols }: (typeof faultDescriptions)[number]): string {
  const takes = [argument, places.join(', '), protocols.join(', ')].filter((each) => each !== null && each !== '');
  return (
    `<tr><th scope="row"><code>${escapeHtml(example)}</code></th><td>${escapeHtml(sentence)}</td>` +
    `<td>${escapeHtml(takes.join('; '))}</td></tr>`
  );
}

function certificateRow([name, url]: readonly [string, string]): string {
  return `<tr><th scope="row">${escapeHtml(name)}</th><td><code>${escapeHtml(url)}</code></td><td></td></tr>`;
}

function group([name, endpoints]: readonly [string, readonly MockEndpoint[]]): string {
  return `<h2 id="${anchor(name)}">${escapeHtml(name)}</h2>\n${endpoints.map(section).join('\n')}`;
}

function anchor(groupName: string): string {
  return groupName.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function section({ method, path, title, example, exampleBody, knobs }: MockEndpoint): string {
  const rows = knobs
    .map(
      ({ name, allowed, fallback, sentence }) =>
        `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${escapeHtml(sentence)}</td>` +
        `<td>${escapeHtml(allowed)}; else ${fallback === '' ? 'empty' : escapeHtml(String(fallback))}</td></tr>`,
    )
    .join('\n');
  const table = rows === '' ? '' : `<details><summary>Knobs</summary>\n<table>\n${rows}\n</table>\n</details>`;
  return `<section>
<h3><code>${method} ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(title)}</p>
${method === 'GET' ? `<p><a href="${escapeHtml(example)}"><code>${escapeHtml(example)}</code></a></p>` : curl(example, exampleBody)}
${table}
</section>`;
}

/** A line for a shell, to be sent from where the page is. */
function curl(example: string, exampleBody: string | null): string {
  const body =
    exampleBody === null ? '' : ` --json '${JSON.stringify(JSON.parse(exampleBody)).replaceAll("'", `'\\''`)}'`;
  const post = exampleBody === null ? ' -X POST' : '';
  return `<pre><code>curl -N${post} "$MOCK${escapeHtml(example)}"${escapeHtml(body)}</code></pre>`;
}

const htmlEscapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => htmlEscapes[character] ?? character);
}
