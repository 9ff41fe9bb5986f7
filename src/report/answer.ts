import type {
  DiffAnswer,
  DoctorAnswer,
  ExposeAnswer,
  MapAnswer,
  PathAnswer,
  PoliciesAnswer,
  TestAnswer,
} from '#model/answers.ts';

/** Everything that a report can be made of. */
export type Answer = MapAnswer | PathAnswer | ExposeAnswer | DiffAnswer | TestAnswer | PoliciesAnswer | DoctorAnswer;

export type AnswerSchema = Answer['schema'];
