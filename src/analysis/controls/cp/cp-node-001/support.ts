import type { Judged } from '#model/control.ts';
import { RETIREMENTS } from '../../../../data/azure/retirements.ts';
import { daysBetween } from '../../days.ts';

/** Something with an end of support. */
export interface End {
  readonly name: string;
  readonly until?: string;
  readonly source?: string;
}

/** Values of `osSKU` and names of images, by the retirement that they are under. */
const RETIRED: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^(?:cbl)?mariner$/i, /azurelinux-?v2|mariner/i, 'azure-linux-2'],
  [/^ubuntu2004$/i, /ubuntu-?2004/i, 'ubuntu-2004'],
  [/^ubuntu2204$/i, /ubuntu-?2204/i, 'ubuntu-2204'],
  [/^windows2019$/i, /windows-?2019/i, 'windows-2019'],
  [/^windows2022$/i, /windows-?2022/i, 'windows-2022'],
  [/^flatcar$/i, /flatcar/i, 'flatcar'],
];

/** By the image of a pool where it is told, for a SKU as `Ubuntu` means another version each year. */
export function endOf(sku: string, image: string): End {
  const found = RETIRED.find(([bySku, byImage]) => (image === '' ? bySku.test(sku) : byImage.test(image)));
  const retirement = RETIREMENTS.find(({ id }) => id === found?.[2]);
  const name = sku === '' ? 'the default operating system' : `\`${sku}\``;
  if (retirement?.date === undefined) return { name };
  return { name: retirement.thing.replace(/^node pools with /, ''), until: retirement.date, source: retirement.source };
}

const YEAR = 365;

export function supportOf({ name, until }: End, today: string): Pick<Judged, 'state' | 'message'> {
  if (until === undefined) return { state: 'PASS', message: `${name} is supported` };
  const left = daysBetween(today, until);
  if (left < 0) return { state: 'FAIL', message: `${name} has no support since ${until}` };
  return left <= YEAR
    ? { state: 'WARN', message: `support of ${name} ends on ${until}` }
    : { state: 'PASS', message: `${name} is supported until ${until}` };
}

/** How many days ago an image was made: `AKSUbuntu-2204gen2containerd-202611.02.0` tells. */
export function ageOf(image: string, today: string): number | undefined {
  const found = /(?<year>20\d\d)(?<month>\d\d)\.(?<day>\d\d)\.\d+$/.exec(image)?.groups;
  if (found === undefined) return undefined;
  const age = daysBetween(`${found.year}-${found.month}-${found.day}`, today);
  return Number.isNaN(age) || age < 0 ? undefined : age;
}
