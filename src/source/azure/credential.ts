import { type AzureCloud, CLOUD_HOSTS } from './clouds.ts';
import type { Credential } from './token.ts';

/**
 * Whatever way to sign in is there: variables of the environment, workload identity, managed identity, the Azure CLI.
 * Loaded when it is needed, for it takes a third of a second.
 */
export async function defaultCredential(cloud: AzureCloud): Promise<Credential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  const authorityHost = CLOUD_HOSTS[cloud].authority;
  let made: Credential | undefined;
  return {
    // Made when it is asked: settings of the environment that it does not take are then a failed sign-in.
    async getToken(scope, options) {
      made ??= new DefaultAzureCredential({ authorityHost });
      return made.getToken(scope, options);
    },
  };
}

export interface SignInTrouble {
  readonly message: string;
  readonly hint: string;
}

/**
 * Why no token was given. Only codes are taken from what the credential says: its texts may quote the request, and that
 * holds secrets.
 */
export function signInTrouble(error: unknown, cloud: AzureCloud): SignInTrouble {
  const text = textsOf(error, 0).join('\n');
  const codes = [...new Set(text.match(/\bAADSTS\d{3,8}\b/g))].slice(0, 3);
  if (codes.length > 0) {
    return {
      message: `signing in to Azure failed: ${codes.join(', ')}`,
      hint: 'https://login.microsoftonline.com/error tells what the code means; `az login` signs in again',
    };
  }
  // Where every way was tried, those that are not set up say that the network is out of reach, too.
  const isOne = !(error instanceof Error && error.name === 'AggregateAuthenticationError');
  if (
    isOne &&
    /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|network_error|endpoints_resolution_error|openid_config_error/.test(
      text,
    )
  ) {
    return {
      message: `signing in to Azure failed: \`${CLOUD_HOSTS[cloud].authority}\` is out of reach`,
      hint: 'behind a proxy, set HTTPS_PROXY and NODE_USE_ENV_PROXY=1; for another cloud, --azure-cloud',
    };
  }
  if (text.includes('AZURE_TOKEN_CREDENTIALS')) {
    return {
      message: 'AZURE_TOKEN_CREDENTIALS names no way to sign in to Azure',
      hint: 'docs/azure-live.md tells the ways; without it all are tried',
    };
  }
  return {
    message: 'there are no credentials for Azure',
    hint: '`az login` signs in; docs/azure-live.md tells the other ways',
  };
}

/** The texts of an error and of those inside it. */
function textsOf(error: unknown, depth: number): string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const inside = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return [error.name, error.message, ...[error.cause, ...inside].flatMap((each) => textsOf(each, depth + 1))];
}
