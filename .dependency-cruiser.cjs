/** Who may import whom (ARCHITECTURE.md). test/architecture/layers.test.ts proves that each rule bites. */
const electronPlaces = '^src/(main/hosts/desktop/|main/index\\.ts$|preload/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'A cycle has no bottom to start reading or testing from.',
      severity: 'error',
      from: { path: '^(src|test|scripts)/' },
      to: { circular: true },
    },
    {
      name: 'shared-is-a-leaf',
      comment: 'The contract imports nothing of ours, and of others only the schema library and the wire codec.',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { pathNot: ['^src/shared/', '(^|/)node_modules/(zod|@msgpack/msgpack)/'] },
    },
    {
      name: 'engine-imports-shared-only',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/(engine|shared)/' },
    },
    {
      name: 'engine-runs-anywhere',
      comment: 'No Node built-ins and no electron in the pure core.',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'capture-store-servers-import-down',
      severity: 'error',
      from: { path: '^src/main/(capture|store|servers)/' },
      to: { path: '^src/', pathNot: '^src/(shared|engine|main/$1)/' },
    },
    {
      name: 'rpc-imports-down',
      severity: 'error',
      from: { path: '^src/main/rpc/' },
      to: { path: '^src/', pathNot: '^src/(shared|engine|main/(rpc|capture|store|servers))/' },
    },
    {
      name: 'instrument-imports-down',
      comment: 'What all hosts compose in the same way: capture, store and servers behind the contract.',
      severity: 'error',
      from: { path: '^src/main/instrument/' },
      to: { path: '^src/', pathNot: '^src/(shared|engine|main/(instrument|rpc|capture|store|servers))/' },
    },
    {
      name: 'hosts-never-import-each-other',
      severity: 'error',
      from: { path: '^src/main/hosts/([^/]+)/' },
      to: { path: '^src/main/hosts/([^/]+)/', pathNot: '^src/main/hosts/$1/' },
    },
    {
      name: 'hosts-import-down',
      severity: 'error',
      from: { path: '^src/main/hosts/' },
      to: { path: '^src/', pathNot: '^src/(shared|engine|main/(hosts|instrument|rpc|capture|store|servers))/' },
    },
    {
      name: 'main-entry-composes-the-desktop-host',
      severity: 'error',
      from: { path: '^src/main/index\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(shared|main/hosts/desktop)/' },
    },
    {
      name: 'cli-entry-composes-the-cli-and-web-hosts',
      severity: 'error',
      from: { path: '^src/main/cli\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(shared|main/hosts/(cli|web))/' },
    },
    {
      name: 'preload-imports-shared-only',
      severity: 'error',
      from: { path: '^src/preload/' },
      to: { path: '^src/', pathNot: '^src/(shared|preload)/' },
    },
    {
      name: 'electron-only-in-the-desktop-host',
      severity: 'error',
      from: { path: '^src/', pathNot: electronPlaces },
      to: { path: '(^|/)node_modules/electron/|^electron(/|$)' },
    },
    {
      name: 'renderer-imports-shared-only',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { path: '^(src|test|scripts)/', pathNot: '^src/(renderer|shared)/' },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src/renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-never-import-features',
      comment: 'state/, ui/ and host/ are what features have in common; the top level composes them.',
      severity: 'error',
      from: { path: '^src/renderer/([^/]+)/', pathNot: '^src/renderer/(state|ui|host)/' },
      to: { path: '^src/renderer/([^/]+)/', pathNot: ['^src/renderer/$1/', '^src/renderer/(state|ui|host)/'] },
    },
    {
      name: 'common-ground-knows-no-feature',
      severity: 'error',
      from: { path: '^src/renderer/(state|ui|host)/' },
      to: { path: '^src/renderer/[^/]+/', pathNot: '^src/renderer/(state|ui|host)/' },
    },
    {
      name: 'nothing-imports-test',
      severity: 'error',
      from: { path: '^(src|scripts)/' },
      to: { path: '^test/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(src|test|scripts)/' },
      to: { couldNotResolve: true, pathNot: '^electron$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)out/', '^test/output/', '\\.css$', '\\?worker$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts', '.json'],
    },
  },
};
