/** Values that options and arguments take, and verbs act on. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What makes `diff` end with exit code 1. */
export const FAIL_ON = ['opened', 'closed', 'invariant'] as const;
export type FailOn = (typeof FAIL_ON)[number];
