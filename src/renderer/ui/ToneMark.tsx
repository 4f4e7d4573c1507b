export type Tone = 'live' | 'good' | 'warning' | 'bad' | 'neutral';

const shapes: Readonly<Record<Tone, string>> = {
  live: 'M5 1a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z',
  good: 'M2.4 1h5.2A1.4 1.4 0 0 1 9 2.4v5.2A1.4 1.4 0 0 1 7.6 9H2.4A1.4 1.4 0 0 1 1 7.6V2.4A1.4 1.4 0 0 1 2.4 1Z',
  warning: 'M5 .8 9.6 9H.4Z',
  bad: 'M5 .2 9.8 5 5 9.8.2 5Z',
  neutral: 'M1 3.8h8v2.4H1Z',
};

/** How something went, by colour and by shape: circle live, square good, triangle warning, diamond bad, bar neutral. */
export function ToneMark({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={`ss-tone-${tone}`} width="10" height="10" viewBox="0 0 10 10" aria-hidden>
      <path d={shapes[tone]} fill="currentColor" />
    </svg>
  );
}
