import type {
  DiffAnswer,
  DoctorAnswer,
  ExplainAnswer,
  ExposeAnswer,
  MapAnswer,
  PathAnswer,
  PoliciesAnswer,
  SnapshotsAnswer,
  TestAnswer,
  TranslateAnswer,
} from '#model/answers.ts';
import type { AzureCompareAnswer } from '#model/azure/comparison.ts';
import type { AzureQueriesAnswer } from '#model/azure/queries.ts';
import type { BlueprintAnswer } from '#model/blueprint.ts';
import type { EgressAnswer } from '#model/egress.ts';
import type { MigrateAnswer } from '#model/migration.ts';
import type { ControlsAnswer, ScanAnswer } from '#model/scan.ts';

/** Everything that a report can be made of. */
export type Answer =
  | ScanAnswer
  | ControlsAnswer
  | MapAnswer
  | PathAnswer
  | ExposeAnswer
  | DiffAnswer
  | TestAnswer
  | PoliciesAnswer
  | MigrateAnswer
  | EgressAnswer
  | TranslateAnswer
  | DoctorAnswer
  | ExplainAnswer
  | SnapshotsAnswer
  | AzureCompareAnswer
  | AzureQueriesAnswer
  | BlueprintAnswer;

export type AnswerSchema = Answer['schema'];
