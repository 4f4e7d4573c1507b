interface Counter {
  readonly name: string;
  readonly value: string;
  readonly means: string;
}

/** Numbers that run, each in a place that does not move when it grows. */
export function Counters({ counters }: { readonly counters: readonly Counter[] }) {
  return (
    <dl className="ss-panel-counters">
      {counters.map(({ name, value, means }) => (
        <div key={name} title={means}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
