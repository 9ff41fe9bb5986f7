import type { ColumnType, Generated } from 'kysely';

/** The tables as the last migration leaves them. */
export interface Tables {
  readonly content: ContentTable;
  readonly content_part: ContentPartTable;
  readonly snapshot: SnapshotTable;
  readonly scan: ScanTable;
  readonly finding: FindingTable;
  readonly finding_span: FindingSpanTable;
  readonly reachability: ReachabilityTable;
  readonly acceptance: AcceptanceTable;
  readonly answer: AnswerTable;
}

/** Written as RFC 3339 in UTC. */
type Moment = ColumnType<Date, string, string>;
type OptionalMoment = ColumnType<Date | null, string | null, string | null>;
/**
 * JSON in a column of text. Not `jsonb`, which refuses the character U+0000 that input may hold; nothing in the database
 * looks into it.
 */
type Json = string;

/** What snapshots hold, once for all that hold the same. */
interface ContentTable {
  readonly digest: string;
  /** Characters before compression. */
  readonly size: number;
}

interface ContentPartTable {
  readonly digest: string;
  readonly part: number;
  readonly bytes: Uint8Array;
}

interface SnapshotTable {
  readonly id: Generated<number>;
  readonly environment: string;
  readonly taken: Moment;
  readonly version: string;
  readonly source: Json;
  readonly resources: number;
  readonly digest: string;
  readonly note: string | null;
  readonly by: string | null;
  /** The commit that was read. */
  readonly made: Json | null;
}

interface ScanTable {
  readonly id: Generated<number>;
  readonly snapshot: number;
  readonly taken: Moment;
  readonly version: string;
  readonly engine: Json;
  /** State by id of the control. */
  readonly controls: Json;
  readonly open: number;
  readonly accepted: number;
  readonly opened: number;
  readonly resolved: number;
}

interface FindingTable {
  readonly id: Generated<number>;
  readonly environment: string;
  readonly fingerprint: string;
  readonly control: string;
  readonly severity: string;
  readonly priority: number;
  /** The scan that saw it last, which may be gone. */
  readonly scan: number;
  readonly body: Json;
}

/** From when to when a finding was there. It may come back: then it has more than one. */
interface FindingSpanTable {
  readonly finding: number;
  readonly opened: Moment;
  readonly seen: Moment;
  readonly resolved: OptionalMoment;
}

interface ReachabilityTable {
  readonly snapshot: number;
  readonly endpoints: number;
  readonly connections: number;
  readonly unknown: number;
  readonly since: OptionalMoment;
  readonly opened: number;
  readonly closed: number;
  readonly unsettled: number;
  readonly groups: Json;
}

interface AcceptanceTable {
  readonly id: Generated<number>;
  readonly environment: string;
  readonly fingerprint: string;
  readonly reason: string;
  readonly owner: string;
  readonly until: string | null;
  readonly accepted: Moment;
  readonly withdrawn: OptionalMoment;
  readonly by: string | null;
}

interface AnswerTable {
  readonly id: Generated<number>;
  readonly environment: string;
  readonly control: string;
  readonly answer: string;
  readonly by: string;
  readonly on: string;
  readonly note: string | null;
}
