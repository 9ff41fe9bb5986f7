import type { Builtin, Form } from './builtin.ts';
import { ARRAY_FUNCTIONS } from './functions/array.ts';
import { CIDR_FUNCTIONS } from './functions/cidr.ts';
import { COMPARISON_FUNCTIONS } from './functions/comparison.ts';
import { DATE_FUNCTIONS } from './functions/date.ts';
import { DEPLOYMENT_FORMS, DEPLOYMENT_FUNCTIONS } from './functions/deployment.ts';
import { ENCODING_FUNCTIONS } from './functions/encoding.ts';
import { LAMBDA_FORMS } from './functions/lambda.ts';
import { LOGICAL_FORMS, LOGICAL_FUNCTIONS } from './functions/logical.ts';
import { MERGE_FUNCTIONS } from './functions/merge.ts';
import { NUMERIC_FUNCTIONS } from './functions/numeric.ts';
import { OBJECT_FUNCTIONS } from './functions/object.ts';
import { RESOURCE_FUNCTIONS } from './functions/resource.ts';
import { STRING_FUNCTIONS } from './functions/string.ts';

/** The functions of the language, by name in lower case. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({
    ...ARRAY_FUNCTIONS,
    ...CIDR_FUNCTIONS,
    ...COMPARISON_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...DEPLOYMENT_FUNCTIONS,
    ...ENCODING_FUNCTIONS,
    ...LOGICAL_FUNCTIONS,
    ...MERGE_FUNCTIONS,
    ...NUMERIC_FUNCTIONS,
    ...OBJECT_FUNCTIONS,
    ...RESOURCE_FUNCTIONS,
    ...STRING_FUNCTIONS,
  }),
);

/** Those that do not evaluate all of their arguments. */
export const FORMS: ReadonlyMap<string, Form> = new Map(
  Object.entries({ ...DEPLOYMENT_FORMS, ...LAMBDA_FORMS, ...LOGICAL_FORMS }),
);
