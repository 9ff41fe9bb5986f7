/** One step of the tables' shape. A step that was published never changes: what it should have said is a new step. */
export interface Migration {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly name: string;
  /** One statement each, for PostgreSQL 14 and later and for PGlite alike. */
  readonly statements: readonly string[];
}

const SNAPSHOTS = [
  'create table ringfence.content (digest text primary key, size integer not null)',
  `create table ringfence.content_part (
    digest text not null references ringfence.content on delete cascade,
    part integer not null,
    bytes bytea not null,
    primary key (digest, part))`,
  // The bytes are compressed already.
  'alter table ringfence.content_part alter column bytes set storage external',
  `create table ringfence.snapshot (
    id integer generated always as identity primary key,
    environment text not null,
    taken timestamptz not null,
    version text not null,
    source text not null,
    resources integer not null,
    digest text not null references ringfence.content)`,
  'create index snapshot_by_time on ringfence.snapshot (environment, taken, id)',
  'create index snapshot_by_content on ringfence.snapshot (digest)',
  `create table ringfence.reachability (
    snapshot integer primary key references ringfence.snapshot on delete cascade,
    endpoints integer not null,
    connections integer not null,
    unknown integer not null,
    since timestamptz,
    opened integer not null,
    closed integer not null,
    unsettled integer not null,
    groups text not null)`,
];

const SCANS = [
  `create table ringfence.scan (
    id integer generated always as identity primary key,
    snapshot integer not null references ringfence.snapshot on delete cascade,
    taken timestamptz not null,
    version text not null,
    engine text not null,
    controls text not null,
    open integer not null,
    accepted integer not null,
    opened integer not null,
    resolved integer not null)`,
  'create index scan_by_snapshot on ringfence.scan (snapshot, id)',
  `create table ringfence.finding (
    id integer generated always as identity primary key,
    environment text not null,
    fingerprint text not null,
    control text not null,
    severity text not null,
    priority integer not null,
    scan integer not null,
    body text not null,
    unique (environment, fingerprint))`,
  `create table ringfence.finding_span (
    finding integer not null references ringfence.finding on delete cascade,
    opened timestamptz not null,
    seen timestamptz not null,
    resolved timestamptz,
    primary key (finding, opened))`,
  'create unique index finding_span_open on ringfence.finding_span (finding) where resolved is null',
];

const DECISIONS = [
  `create table ringfence.acceptance (
    id integer generated always as identity primary key,
    environment text not null,
    fingerprint text not null,
    reason text not null,
    owner text not null,
    until text,
    accepted timestamptz not null,
    withdrawn timestamptz)`,
  'create unique index acceptance_in_force on ringfence.acceptance (environment, fingerprint) where withdrawn is null',
  `create table ringfence.answer (
    id integer generated always as identity primary key,
    environment text not null,
    control text not null,
    answer text not null,
    by text not null,
    "on" text not null,
    note text)`,
  'create index answer_by_control on ringfence.answer (environment, control, id)',
];

const CIRCUMSTANCES = [
  'alter table ringfence.snapshot add column note text',
  'alter table ringfence.snapshot add column by text',
  'alter table ringfence.snapshot add column made text',
  'alter table ringfence.acceptance add column by text',
];

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'snapshots', statements: SNAPSHOTS },
  { number: 2, name: 'scans', statements: SCANS },
  { number: 3, name: 'decisions', statements: DECISIONS },
  { number: 4, name: 'circumstances', statements: CIRCUMSTANCES },
];
