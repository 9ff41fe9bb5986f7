import { escapeControl } from '#base/escape.ts';
import type { OidcSettings } from '#server/security/oidc.ts';
import { isLoopback } from '#server/security/origins.ts';
import { OWN_ROLE_NAMES, type RoleRule, readRoleRule } from '#server/security/role-rules.ts';
import type { ServeFlags } from '../commands/serve.ts';
import type { CliContext } from '../context.ts';
import { Refusal } from '../refusal.ts';
import { secretAt } from './serve-files.ts';

const SECRET = 'RINGFENCE_OIDC_CLIENT_SECRET';

/** The issuer that the flags name. A secret is never a flag: others on the machine can read those. */
export async function oidcSettingsOf(context: CliContext, flags: ServeFlags): Promise<OidcSettings | undefined> {
  const { oidcIssuer, oidcClientId, oidcScope = 'openid profile email', oidcRoleClaim = 'roles' } = flags;
  if (oidcIssuer === undefined) return refuseAlone(flags);
  if (oidcClientId === undefined)
    throw new Refusal('--oidc-issuer needs --oidc-client-id', 'the id under which this server is registered there');
  if (!oidcScope.split(/\s+/).includes('openid'))
    throw new Refusal('--oidc-scope lacks `openid`', "as --oidc-scope 'openid profile groups'");
  const clientSecret = await secretOf(context, flags);
  const rules = (flags.oidcRole ?? []).map(roleRuleOf);
  return {
    issuer: issuerOf(oidcIssuer),
    clientId: oidcClientId,
    scope: oidcScope,
    roles: { claim: oidcRoleClaim, rules: rules.length === 0 ? OWN_ROLE_NAMES : rules },
    ...(clientSecret !== undefined && { clientSecret }),
  };
}

function refuseAlone(flags: ServeFlags): undefined {
  const { oidcClientId, oidcClientSecretFile, oidcScope, oidcRoleClaim, oidcRole } = flags;
  const given = [oidcClientId, oidcClientSecretFile, oidcScope, oidcRoleClaim, oidcRole?.[0]];
  if (given.some((value) => value !== undefined)) throw new Refusal('what begins with --oidc- needs --oidc-issuer');
  return undefined;
}

function issuerOf(text: string): URL {
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== null && isSafe && url.search === '' && url.hash === '' && url.username === '') return url;
  throw new Refusal(
    `\`${escapeControl(text)}\` is not the address of an issuer`,
    'as https://login.microsoftonline.com/TENANT/v2.0; without TLS only on this machine',
  );
}

async function secretOf(context: CliContext, { oidcClientSecretFile: file }: ServeFlags): Promise<string | undefined> {
  if (file === undefined) return context.surroundings.environment[SECRET] || undefined;
  const secret = (await secretAt(context, file)).trim();
  if (secret === '') throw new Refusal(`\`${escapeControl(file)}\` holds no secret`);
  return secret;
}

function roleRuleOf(text: string): RoleRule {
  const rule = readRoleRule(text);
  if (rule !== undefined) return rule;
  throw new Refusal(
    `\`${escapeControl(text)}\` gives no role`,
    'viewer, editor or admin, an equals sign, and a value of the claim: --oidc-role admin=platform-team',
  );
}
