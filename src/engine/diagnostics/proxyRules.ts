import { counted, word, type CatalogueRule } from './rule.ts';

/** What the capture proxy did itself. */
export const proxyRules: readonly CatalogueRule[] = [
  {
    code: 'proxy/answered-here',
    severity: 'info',
    title: 'The client got an answer of the proxy’s own',
    advice: 'The ending says why there was none of the upstream to hand on.',
    isChecked: true,
    sentence: (d) => `The client was answered ${word(d, 'status')} by the proxy, with the reason.`,
  },
  {
    code: 'proxy/intervened',
    severity: 'info',
    title: 'The proxy changed what the client got',
    advice: 'Nothing to do: that was asked for. Turn the intervention off to see the exchange as it is.',
    isChecked: true,
    sentence: (d) => String(d['what'] ?? 'The proxy intervened.'),
  },
  {
    code: 'proxy/request-shortened',
    severity: 'info',
    title: 'The request’s body is longer than what is kept of it',
    advice: 'All of it went to the upstream; sent again from here, only the kept part goes out.',
    isChecked: true,
    sentence: (d) => `The request’s body has ${counted(d, 'bytes', 'byte')}; the first ${word(d, 'kept')} are kept.`,
  },
];
