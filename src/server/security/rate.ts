/** How many requests somebody may make: `perSecond` for long, `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface RateLimit {
  /** Seconds to wait; undefined: go on. */
  readonly take: (who: string) => number | undefined;
}

/** More strangers than this, and those who were there longest ago are forgotten. */
const MOST = 10_000;

/** A bucket for each, which fills with time. */
export function newRateLimit({ perSecond, burst }: Rate, now: () => number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take: (who) => {
      const time = now();
      const before = buckets.get(who) ?? { left: burst, at: time };
      const left = Math.min(burst, before.left + ((time - before.at) / 1000) * perSecond);
      buckets.delete(who);
      buckets.set(who, { left: left >= 1 ? left - 1 : left, at: time });
      if (buckets.size > MOST) for (const oldest of [...buckets.keys()].slice(0, MOST / 10)) buckets.delete(oldest);
      return left >= 1 ? undefined : Math.max(1, Math.ceil((1 - left) / perSecond));
    },
  };
}
