/** Days from one date to another, both as `2026-11-21`: less than zero where the second is earlier, NaN of no date. */
export function daysBetween(from: string, to: string): number {
  return dayOf(to) - dayOf(from);
}

/** Days since 0000-03-01 of the Gregorian calendar, whose years are counted from March: leap days are their last. */
function dayOf(date: string): number {
  const found = /^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)$/.exec(date)?.groups;
  const [year, month, day] = [found?.year, found?.month, found?.day].map(Number);
  if (year === undefined || month === undefined || day === undefined) return Number.NaN;
  const years = month > 2 ? year : year - 1;
  const months = (month + 9) % 12;
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leaps + Math.floor((153 * months + 2) / 5) + day;
}
