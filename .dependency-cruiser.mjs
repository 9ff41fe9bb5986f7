// The walls of ARCHITECTURE.md, as rules. When one stops you, the comment says what to do instead; when the wall itself
// is wrong, move it here and in ARCHITECTURE.md in the same commit.

/** In order: a room may import the rooms before it, and itself. */
const ROOMS = {
  base: 'base knows no domain: bit sets, intervals, addresses, text. What needs a word of Kubernetes belongs in model or later.',
  model:
    'model is the vocabulary that every other room speaks. It decides nothing, so it needs nothing but base. Code that decides belongs in engine.',
  data: 'data holds facts that others publish, with their sources and types. It knows no snapshot and decides nothing.',
  parse:
    'parse turns text into model and diagnostics. It must not know what the objects will be used for: leave meaning to engine, bytes to source.',
  engine:
    'engine compiles policies and answers. It sees models, never text: what it needs from the input, model carries.',
  analysis:
    'analysis asks questions of the engine, one folder for each. How an answer looks is for report; where input comes from is for source.',
  report: 'report draws documents that analysis made. It neither computes answers nor writes files: it returns text.',
  blueprint:
    'blueprint makes the texts of an environment from choices, and proves them by reading them again. It writes no file: cli does.',
  source: 'source brings bytes in and hands them on. What they mean is for parse.',
  store:
    'store keeps history. It neither asks questions nor serves them: who wants to know what changed asks analysis and hands the answer over.',
  server: 'server answers over HTTP. The command line starts it; it does not know the command line.',
  operator: 'operator runs in the cluster. The command line starts it; it does not know the command line.',
  cli: 'cli is the last room: it may use every other one, and none uses it.',
};
const ROOM_NAMES = Object.keys(ROOMS);
const PURE = ['base', 'model', 'data', 'parse', 'engine', 'analysis', 'report', 'blueprint', 'oracle'];

const TEST = '\\.test\\.ts$|\\.test-support\\.ts$';
const NOT_SHIPPED = '^(test|bench|scripts)/';
/** Licences under which a dependency may be used here. */
const LICENSES =
  '^\\(?(MIT|Apache-2\\.0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|BlueOak-1\\.0\\.0|Python-2\\.0|EPL-2\\.0|MIT OR )';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...ROOM_NAMES.map(wallOf),
    {
      name: 'oracle-stands-alone',
      comment:
        'The oracle is worth something only because it shares nothing with what it judges. It may use the vocabulary (model) and addresses (base).',
      severity: 'error',
      from: { path: '^src/oracle/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/(base|model|oracle)/' },
    },
    {
      name: 'oracle-only-for-tests',
      comment: 'The oracle is slow on purpose. Answers come from engine; only tests and `doctor` compare the two.',
      severity: 'error',
      from: { pathNot: `${TEST}|^test/|^src/oracle/|^src/cli/verbs/doctor` },
      to: { path: '^src/oracle/' },
    },
    {
      name: 'console-asks-the-server',
      comment:
        'The console is a program of its own in a browser: what it knows it asks of the server. Of the rooms it may use the vocabulary (model), text (base), the words and names of reports, the filter language and the writing of patches, so that one thing has one name everywhere. What previews an edit as it is typed runs in web/worker, which has the engine.',
      severity: 'error',
      from: { path: '^web/', pathNot: `${TEST}|^web/worker/` },
      to: {
        path: '^src/',
        pathNot:
          '^src/(base|model)/|^src/report/(words|egress-words|names|xml)\\.ts$|^src/analysis/(filter|filter-forms|matrix/narrow|preview/patch)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'engine-in-the-browser',
      comment:
        'The worker of the console runs the pure rooms. Of source it takes only what makes texts of data: nothing there can open a file in a browser.',
      severity: 'error',
      from: { path: '^web/worker/' },
      to: { path: '^src/', pathNot: `^src/(${PURE.join('|')})/|^src/source/made-source\\.ts$` },
    },
    {
      name: 'nobody-needs-the-console',
      comment: 'The console is what people see, and nothing else is built on it.',
      severity: 'error',
      from: { path: '^(src|bench)/' },
      to: { path: '^web/' },
    },
    {
      name: 'pure-rooms-do-no-io',
      comment:
        'base to report, and the oracle, are functions of their arguments: no files, no network, no processes, no clock. Let source or cli do it and pass the result in. This keeps every answer repeatable, and the engine able to run in a browser.',
      severity: 'error',
      from: { path: `^src/(${PURE.join('|')})/`, pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-database-unless-asked-for',
      comment:
        'Loading a database costs time and memory that no answer on the command line needs. What opens a store loads it when it does: `await import(...)`. Types cost nothing.',
      severity: 'error',
      from: { path: '^src/(?!store/)', pathNot: TEST },
      to: {
        path: '^src/store/|^node_modules/(@electric-sql/pglite|pg|pg-[^/]+|kysely)/',
        // Its errors are told apart without opening anything.
        pathNot: '^src/store/store-error\\.ts$',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-climbing-out-of-a-room',
      comment:
        'Crossing rooms is written `#room/file.ts`, so that a reader sees the wall. `./` and `../` stay inside a room. The files of data are read by their path: they have no name of their own among the imports of package.json.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/', pathNot: '^src/($1|data)/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'no-imports-of-tests',
      comment:
        'Code that two tests share belongs in test/ or in a file named *.test-support.ts; shipped code never needs a test.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { path: `${TEST}|${NOT_SHIPPED}` },
    },
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one file, or three: move what both need to a third. (Type imports may circle.)',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and it imports nothing: remove it, or use it.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: `${TEST}|\\.d\\.ts$|^scripts/|^bench/|^test/|^web/vite\\.config\\.ts$|^src/index\\.ts$`,
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere. Is the extension `.ts` there, and the room in the `imports` of package.json?',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies-in-shipped-code',
      comment:
        'Whoever installs Ringfence does not get devDependencies. Move the package to dependencies, or do without.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-packages',
      comment: 'The package is there only because another one brought it. Declare it in package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-deprecated-packages',
      comment: 'The package, or this part of Node, is deprecated. Use what its own documentation names instead.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['deprecated'] },
    },
    {
      name: 'licences',
      comment: 'The licence of this package is not on the list of those that may be used here. Ask before adding one.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm'], licenseNot: LICENSES },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(fixtures|goldens)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
};

/** The wall on the right of one room: everything behind it is out of reach. */
function wallOf(room, at) {
  const behind = [...ROOM_NAMES.slice(at + 1)];
  return {
    name: `wall-of-${room}`,
    comment: ROOMS[room],
    severity: 'error',
    from: { path: `^src/${room}/`, pathNot: TEST },
    // Where nothing is behind (cli), the rule still keeps the room from the library's public face.
    to: { path: behind.length === 0 ? '^src/index\\.ts$' : `^src/(index\\.ts$|(${behind.join('|')})/)` },
  };
}
