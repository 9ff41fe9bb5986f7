/** Azure's own: a copy loop makes at most 800 things ("Resource iteration in ARM templates"). */
export const MAX_COPIES = 800;

/** Azure's own: `range` gives at most so many numbers. */
export const MAX_RANGE = 10_000;

/** Calls, brackets and arguments inside one another in one expression. People write a dozen, compilers write thirty. */
export const MAX_EXPRESSION_DEPTH = 100;

/** Evaluations inside one another: of expressions, of what they name, and of what that names in turn. */
export const MAX_EVALUATION_DEPTH = 600;

/** Steps that the evaluation of one template with all that it deploys may take. The largest seen take a few 100,000. */
export const MAX_STEPS = 5_000_000;

/** Resources that one template with all that it deploys may make. */
export const MAX_RESOURCES = 20_000;

/** Templates inside one another. */
export const MAX_LEVELS = 30;

/** Characters of one text. Azure takes 131,072 in a parameter. */
export const MAX_TEXT = 1 << 20;

/** Characters of a text of which a part is not known, and its parts. Beyond, nothing of it is. */
export const MAX_OPEN_TEXT = 4096;
export const MAX_PARTS = 64;

/** Scalars, lists and objects of one value. */
export const MAX_WEIGHT = 500_000;

/** Lists and objects of one value inside one another. */
export const MAX_HEIGHT = 200;

/** Characters of an expression that is kept to be shown. */
export const MAX_SHOWN = 400;

/** Diagnostics for one template with all that it deploys. */
export const MAX_PROBLEMS = 100;
