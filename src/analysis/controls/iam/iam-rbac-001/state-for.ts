import type { Judged, Mapping } from '#model/control.ts';
import { TOKEN_DETAIL } from './tokens.ts';

/** Section 5.1 of the benchmark asks right by right: a binding counts where it gives what the entry is about. */
export function stateForRight({ state, detail }: Judged, { framework, id }: Mapping): Judged['state'] | undefined {
  const asked = framework === 'cis-kubernetes' ? id : framework === 'cis-aks' ? FROM_AKS.get(id) : undefined;
  if (asked === undefined) return state;
  const isOfAccounts = asked === ACCOUNT || asked === TOKEN;
  if (detail === TOKEN_DETAIL) return isOfAccounts ? state : undefined;
  const given = /^5\.1\.\d+/.exec(detail ?? '')?.[0];
  if (given === undefined || given === asked) return isOfAccounts && given === undefined ? undefined : state;
  // Who may do everything may do this too; what a wildcard gives of it is not told apart.
  if (given === WHOLE && !OTHERS.has(asked)) return state;
  return given === WILD ? undefined : OTHERS.has(asked) ? undefined : 'PASS';
}

const WHOLE = '5.1.1';
const WILD = '5.1.3';
const ACCOUNT = '5.1.5';
const TOKEN = '5.1.6';
/** Not about a right. */
const OTHERS: ReadonlySet<string> = new Set([ACCOUNT, TOKEN, '5.1.7']);

/** The benchmark for AKS leaves out `system:masters`. */
const FROM_AKS: ReadonlyMap<string, string> = new Map(
  [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13].map((own, index) => [`4.1.${index + 1}`, `5.1.${own}`]),
);
