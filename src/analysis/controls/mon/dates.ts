/**
 * The last day on which Container insights takes the key of a workspace; managed identities are taken since
 * (learn.microsoft.com, "Migrate to managed identity authentication for Container insights"; checked 2026-11-20).
 */
export const LEGACY_AGENT_AUTH = '2026-09-30';
