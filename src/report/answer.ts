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
} from '#model/answers.ts';
import type { MigrateAnswer } from '#model/migration.ts';

/** Everything that a report can be made of. */
export type Answer =
  | MapAnswer
  | PathAnswer
  | ExposeAnswer
  | DiffAnswer
  | TestAnswer
  | PoliciesAnswer
  | MigrateAnswer
  | DoctorAnswer
  | ExplainAnswer
  | SnapshotsAnswer;

export type AnswerSchema = Answer['schema'];
