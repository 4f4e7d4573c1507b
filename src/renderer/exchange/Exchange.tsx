import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { maskHeaderValue, maskRequest, maskSecret, maskUrl } from '../../shared/maskSecrets.ts';
import type { ProxiedFacts } from '../../shared/proxy.ts';
import type { ExchangeFacts, RecordingDetail, ResponseHead } from '../../shared/recording.ts';
import type { HeaderList, RequestSpec } from '../../shared/request.ts';
import { useEngine } from '../state/EngineContext.tsx';
import { runCommand } from '../state/commands.ts';
import { useEngineFacts } from '../state/engineFacts.ts';
import { useRecordingPart } from '../state/recording.ts';
import { copyAsCurl, takeRequest } from '../state/sending.ts';
import { borderWords } from '../ui/borderWords.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { formatBytes, formatDateTime, formatDuration } from '../ui/format.ts';
import { PaneLoading } from '../ui/PaneMessage.tsx';
import { Secret } from '../ui/Secret.tsx';
import { visibleText } from '../ui/visibleText.ts';
import { sourceTitles } from '../ui/words.ts';
import { CertificateList } from './CertificateList.tsx';
import { Connections } from './Connections.tsx';
import { ExtraBytes } from './ExtraBytes.tsx';
import { HeaderTable } from './HeaderTable.tsx';
import { MarkTable } from './MarkTable.tsx';
import { RedirectList } from './RedirectList.tsx';
import './exchange.css';

/** All that was said around the body: request, response head, trailers, redirects, TLS, marks, environment. */
export function Exchange() {
  const detail = useRecordingPart((live) => live.detail);
  if (detail === null) return <PaneLoading label="Reading the exchange" />;
  const { exchange } = detail;
  return (
    <div className="ss-exchange" tabIndex={0} role="region" aria-label="Exchange">
      <div className="ss-exchange-column">
        {exchange.request !== null && <RequestSection request={exchange.request} sent={exchange.sentHeaders} />}
        {exchange.head !== null && <ResponseSection head={exchange.head} />}
        {exchange.trailers.length > 0 && (
          <Section title="Trailers">
            <HeaderTable headers={exchange.trailers} name="Trailers" />
          </Section>
        )}
      </div>
      <div className="ss-exchange-column">
        <EndingSection detail={detail} />
        {exchange.proxied !== undefined && <ProxiedSection proxied={exchange.proxied} />}
        <ExtraBytes exchange={exchange} />
        <Connections detail={detail} />
        <RedirectList exchange={exchange} />
        <MarkTable exchange={exchange} />
        <CertificateList marks={exchange.marks} />
        <EnvironmentSection detail={detail} />
      </div>
    </div>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="ss-exchange-section" aria-label={title}>
      <h2>
        {title} {action}
      </h2>
      {children}
    </section>
  );
}

function RequestSection({ request, sent }: { readonly request: RequestSpec; readonly sent: HeaderList }) {
  const engine = useEngine();
  const { body, auth } = request;
  return (
    <Section
      title="Request as sent"
      action={
        <>
          <Button look="link" onClick={() => runCommand('replay.sendAgain')}>
            Send again
          </Button>
          <Button look="link" onClick={() => takeRequest(request)}>
            Edit and resend
          </Button>
          <Button look="link" onClick={() => void copyAsCurl(engine, request, false)}>
            Copy as cURL
          </Button>
        </>
      }
    >
      <p className="ss-exchange-line ss-data ss-selectable">
        <b>{request.method}</b> <Secret value={request.url} masked={maskUrl(request.url)} name="URL" />
      </p>
      <HeaderTable headers={sent.length > 0 ? sent : request.headers} name="Request headers" />
      {auth.kind !== 'none' && (
        <p className="ss-exchange-line">
          {auth.kind === 'basic' ? `User ${auth.username}, password ` : 'Bearer token '}
          <span className="ss-data">
            {auth.kind === 'basic' ? (
              <Secret value={auth.password} masked={maskSecret(auth.password)} name="password" />
            ) : (
              <Secret value={auth.token} masked={maskSecret(auth.token)} name="token" />
            )}
          </span>
        </p>
      )}
      {body.kind === 'bytes' && <p className="ss-exchange-line">Body: {formatBytes(body.bytes.length)}, not text</p>}
      {body.kind === 'file' && <p className="ss-exchange-line">Body: the file {visibleText(body.path)}</p>}
      {body.kind === 'multipart' && (
        <p className="ss-exchange-line">
          Body: a form of {body.parts.length} {body.parts.length === 1 ? 'part' : 'parts'} (
          {body.parts.map(({ name }) => visibleText(name)).join(', ')})
        </p>
      )}
      {body.kind === 'text' && body.text !== '' && <BodyText request={request} text={body.text} />}
    </Section>
  );
}

/** How a recording of the proxy came about. */
function ProxiedSection({ proxied: { route, client, interventions } }: { readonly proxied: ProxiedFacts }) {
  const { process, userAgent, address, port } = client;
  const rows: readonly (readonly [string, string])[] = [
    ['Route', route === null ? 'none' : `/${route}`],
    ['Client', userAgent ?? 'no User-Agent'],
    ['Process', process === null ? 'unknown' : `${process.name} (${String(process.id)})`],
    ['From', `${address}:${String(port)}`],
  ];
  return (
    <Section title="Through the proxy">
      <table className="ss-exchange-table ss-selectable" aria-label="Through the proxy">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="ss-data">{visibleText(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {interventions.length === 0 ? (
        <p className="ss-quiet ss-exchange-line">The proxy carried it as it was.</p>
      ) : (
        <ul className="ss-exchange-interventions" aria-label="Interventions">
          {interventions.map((sentence, i) => (
            <li key={i}>
              <TriangleAlert size={13} className="ss-tone-warning" aria-hidden /> {sentence}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const shownBodyCharacters = 20_000;

function BodyText({ request, text }: { readonly request: RequestSpec; readonly text: string }) {
  const masked = maskRequest(request).body;
  const shown = masked.kind === 'text' ? masked.text : '';
  return (
    <>
      <pre className="ss-exchange-body ss-data ss-selectable" tabIndex={0} aria-label="Request body">
        {shown.slice(0, shownBodyCharacters).split('\n').map(visibleText).join('\n')}
      </pre>
      {shown.length > shownBodyCharacters && (
        <p className="ss-quiet">The first {shownBodyCharacters.toLocaleString('en-US')} characters.</p>
      )}
      {shown !== text && <p className="ss-quiet">Secrets in it are masked.</p>}
    </>
  );
}

function ResponseSection({ head }: { readonly head: ResponseHead }) {
  const text = head.headers.map(([name, value]) => `${name}: ${maskHeaderValue(name, value)}`).join('\n');
  return (
    <Section
      title="Response head"
      action={
        <>
          <Button look="link" onClick={() => runCommand('replay.show')}>
            Replay…
          </Button>
          <CopyButton text={text} label="Copy response headers, secrets masked" />
        </>
      }
    >
      <p className="ss-exchange-line ss-data ss-selectable">
        HTTP/{head.httpVersion} <b>{head.status}</b> {visibleText(head.statusText)}
        <span className="ss-quiet"> after {formatDuration(head.atMicros)}</span>
      </p>
      <HeaderTable headers={head.headers} name="Response headers" />
    </Section>
  );
}

function EndingSection({ detail }: { readonly detail: RecordingDetail }) {
  const { ending } = detail.exchange;
  if (ending === null) return null;
  return (
    <Section title="Ending">
      <p className="ss-exchange-line ss-selectable">
        {!ending.message.startsWith(detail.verdict.word) && <b>{detail.verdict.word}.</b>} {ending.message}
      </p>
      <p className="ss-quiet ss-data ss-selectable">
        {ending.code}
        {ending.offset !== null && ` @ ${ending.offset.toLocaleString('en-US')}`}
      </p>
    </Section>
  );
}

function EnvironmentSection({ detail }: { readonly detail: RecordingDetail }) {
  const facts = useEngineFacts();
  const { exchange, summary } = detail;
  const file = exchange.importedFrom === undefined ? '' : `: ${exchange.importedFrom}`;
  const rows: readonly (readonly [string, string])[] = [
    ['Recording', summary.id],
    ['Source', sourceTitles[exchange.source] + file],
    ['Started', formatDateTime(exchange.startedAt)],
    ['Content type', detail.contentType ?? 'not told'],
    ['Content length', detail.expectedWireBytes === null ? 'not told' : formatBytes(detail.expectedWireBytes)],
    ['On the wire', formatBytes(summary.counts.wireBytes)],
    ['Decoded', formatBytes(summary.counts.bodyBytes)],
    ['Chunk borders', detail.borders === null ? 'not told' : borderWords[detail.borders].means],
    ['Clock', uncertaintyWords(exchange)],
    ...(facts === null ? [] : ([['Read by', `Streamscope ${facts.version}, ${facts.runtime}`]] as const)),
  ];
  return (
    <Section title="Environment">
      <table className="ss-exchange-table ss-selectable" aria-label="Environment">
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="ss-data">{visibleText(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function uncertaintyWords({ timesKnown, uncertaintyMicros }: ExchangeFacts): string {
  if (!timesKnown) return 'times unknown: the file has none';
  return uncertaintyMicros === null ? 'uncertainty not measured' : `± ${formatDuration(uncertaintyMicros)}`;
}
