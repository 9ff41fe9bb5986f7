import type { BuiltinTable } from '../builtin.ts';
import { faulty, result, unknown } from '../results.ts';
import type { Call } from '../scope.ts';
import { isNumber, isText, type Value } from '../values.ts';

/** "Date functions for ARM templates". No clock is read: the time of a deployment is not in the input. */
export const DATE_FUNCTIONS: BuiltinTable = {
  utcnow: { least: 0, most: 1, run: now },
  // The form of the result depends on the form of the first argument, which the documentation does not settle.
  datetimeadd: { least: 2, most: 3, run: (args, call) => unknown(call, args, 'not-supported') },
  datetimetoepoch: { least: 1, most: 1, run: toEpoch },
  datetimefromepoch: { least: 1, most: 1, run: fromEpoch },
};

/** Calls may give different times, so each gets a number. */
function now(args: readonly Value[], call: Call): Value {
  return { ...unknown(call, args, 'made-by-azure'), parts: [{ token: `utcNow() ${call.frame.scope.meter.spent}` }] };
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))?$/;

function toEpoch([value]: readonly Value[], call: Call): Value {
  const found = value !== undefined && isText(value) ? ISO.exec(value.value) : null;
  if (found === null) return faulty(call.expression, call.frame, '`dateTimeToEpoch` takes a time in ISO 8601');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const sign = found[7] === '-' ? -1 : 1;
  const offset = sign * (Number(found[8] ?? 0) * 3600 + Number(found[9] ?? 0) * 60);
  return result(daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset, call);
}

function fromEpoch([value]: readonly Value[], call: Call): Value {
  if (value === undefined || !isNumber(value) || Math.abs(value.value) > FARTHEST)
    return faulty(call.expression, call.frame, '`dateTimeFromEpoch` takes seconds since 1970');
  const days = Math.floor(value.value / 86_400);
  const rest = value.value - days * 86_400;
  const time = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  return result(`${civilFromDays(days)}T${time}Z`, call);
}

/** The year 9999. */
const FARTHEST = 253_402_300_799;

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Days since 1970-01-01 in the Gregorian calendar, counted from March so that the leap day comes last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}
