import { meet } from '#base/intervals.ts';
import type { Scope } from '../scope.ts';
import type { Link } from './connections.ts';

/** What of a link the answer is about; undefined where that is nothing. */
export function linkWithin(link: Link, { traffic }: Scope): Link | undefined {
  const cut = {
    ...link,
    allowed: meet(link.allowed, traffic),
    mixed: meet(link.mixed, traffic),
    unknown: meet(link.unknown, traffic),
  };
  return cut.allowed.length + cut.mixed.length + cut.unknown.length > 0 ? cut : undefined;
}
