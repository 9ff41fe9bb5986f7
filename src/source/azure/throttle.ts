/** Milliseconds to wait that an answer asks for; undefined where it does not, never more than five minutes. */
export function waitAsked(headers: Headers): number | undefined {
  const waits = [retryAfter(headers.get('retry-after')), quotaReset(headers.get('x-ms-user-quota-resets-after'))];
  const asked = waits.filter((wait) => wait !== undefined);
  return asked.length === 0 ? undefined : Math.min(Math.max(...asked), LONGEST);
}

/** Milliseconds until the next question, where the quota of Resource Graph is used up; 0 while there is some left. */
export function waitForQuota(headers: Headers): number {
  if (headers.get('x-ms-user-quota-remaining') !== '0') return 0;
  return Math.min(quotaReset(headers.get('x-ms-user-quota-resets-after')) ?? 0, LONGEST);
}

const LONGEST = 300_000;

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** `hh:mm:ss` (learn.microsoft.com, "Guidance for throttled requests in Azure Resource Graph"). */
function quotaReset(value: string | null): number | undefined {
  const match = /^(\d+):(\d{1,2}):(\d{1,2})(?:\.\d+)?$/.exec(value?.trim() ?? '');
  if (match === null) return undefined;
  const [, hours, minutes, seconds] = match.map(Number);
  return (hours! * 3600 + minutes! * 60 + seconds!) * 1000;
}
