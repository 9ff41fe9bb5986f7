import { ROLE_ORDER, type Role } from './tokens.ts';

/** How the claims of an issuer become a role. */
export interface RoleRules {
  /** `roles`, `groups`, or a path as `realm_access.roles`. */
  readonly claim: string;
  readonly rules: readonly RoleRule[];
}

export interface RoleRule {
  readonly role: Role;
  /** Of the claim; `*`: whoever may sign in. */
  readonly value: string;
}

export type Claims = Readonly<Record<string, unknown>>;

/** Where nothing else is said, values are the names of the roles. */
export const OWN_ROLE_NAMES: readonly RoleRule[] = ROLE_ORDER.map((role) => ({ role, value: role }));

/** The highest of the roles that the claims give. Undefined: none, and who signed in may do nothing. */
export function roleOf(claims: Claims, { claim, rules }: RoleRules): Role | undefined {
  const values = new Set(valuesOf(claimAt(claims, claim)));
  const given = rules.filter(({ value }) => value === '*' || values.has(value)).map(({ role }) => role);
  return ROLE_ORDER.findLast((role) => given.includes(role));
}

export function hasClaim(claims: Claims, claim: string): boolean {
  return claimAt(claims, claim) !== undefined;
}

/**
 * Microsoft Entra ID names more than 200 groups by the place where they can be asked for ("groups overage claim"); OpenID
 * Connect Core 5.6.2 calls such claims distributed.
 */
export function isElsewhere(claims: Claims, claim: string): boolean {
  const names = claims['_claim_names'];
  return typeof names === 'object' && names !== null && claim in names;
}

/** A claim may have dots in its own name, as those that are addresses. */
function claimAt(claims: Claims, claim: string): unknown {
  if (Object.hasOwn(claims, claim)) return claims[claim];
  let at: unknown = claims;
  for (const part of claim.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Claims)[part];
  }
  return at;
}

function valuesOf(claim: unknown): string[] {
  if (typeof claim === 'string') return [claim];
  return Array.isArray(claim) ? claim.filter((value) => typeof value === 'string') : [];
}

/** `admin=Ringfence.Admin`. */
export function readRoleRule(text: string): RoleRule | undefined {
  const [, roleText, value = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const role = ROLE_ORDER.find((each) => each === roleText);
  return role === undefined ? undefined : { role, value };
}
