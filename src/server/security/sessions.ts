import { type Identity, newSecret } from './tokens.ts';

/** A browser that showed a token once. */
export interface Sessions {
  /** The value of the cookie. */
  readonly open: (identity: Identity) => string;
  readonly identity: (id: string) => Identity | undefined;
  readonly close: (id: string) => void;
}

const HOURS_12 = 12 * 60 * 60 * 1000;
const MOST = 1_000;

/** Kept in memory: whoever starts the server anew signs everybody out. */
export function newSessions(now: () => number, lifeMs = HOURS_12): Sessions {
  const open = new Map<string, { readonly identity: Identity; readonly until: number }>();
  return {
    open: (identity) => {
      for (const [id, { until }] of open) if (until <= now() || open.size >= MOST) open.delete(id);
      const id = newSecret();
      open.set(id, { identity, until: now() + lifeMs });
      return id;
    },
    identity: (id) => {
      const found = open.get(id);
      if (found === undefined || found.until > now()) return found?.identity;
      open.delete(id);
      return undefined;
    },
    close: (id) => {
      open.delete(id);
    },
  };
}
