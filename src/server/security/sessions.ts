import { type Identity, newSecret } from './tokens.ts';

/** Browsers that showed who they are once. */
export interface Sessions {
  /** The value of the cookie. */
  readonly open: (identity: Identity, idToken?: string) => string;
  readonly find: (id: string) => Session | undefined;
  readonly close: (id: string) => void;
}

export interface Session {
  readonly identity: Identity;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Of the issuer, where one said who it is. */
  readonly idToken?: string;
}

const HOUR = 60 * 60 * 1000;
/** Who comes by an issuer: a working day, after which the issuer is asked again what the person may. */
const ISSUER_LIFE = 8 * HOUR;
const MOST = 1_000;

/** Kept in memory: whoever starts the server anew signs everybody out. */
export function newSessions(now: () => number, lifeMs = 12 * HOUR): Sessions {
  const open = new Map<string, Session>();
  return {
    open: (identity, idToken) => {
      for (const [id, { until }] of open) if (until <= now() || open.size >= MOST) open.delete(id);
      const id = newSecret();
      const until = now() + (idToken === undefined ? lifeMs : Math.min(lifeMs, ISSUER_LIFE));
      open.set(id, { identity, until, ...(idToken !== undefined && { idToken }) });
      return id;
    },
    find: (id) => {
      const found = open.get(id);
      if (found === undefined || found.until > now()) return found;
      open.delete(id);
      return undefined;
    },
    close: (id) => {
      open.delete(id);
    },
  };
}
