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

/** Everything that a report can be made of. */
export type Answer =
  | MapAnswer
  | PathAnswer
  | ExposeAnswer
  | DiffAnswer
  | TestAnswer
  | PoliciesAnswer
  | DoctorAnswer
  | ExplainAnswer
  | SnapshotsAnswer;

export type AnswerSchema = Answer['schema'];
