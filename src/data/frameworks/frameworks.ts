import type { FrameworkId } from '#model/control.ts';
import { AZURE_POLICY, MCSB } from './azure.ts';
import {
  AKS_NETWORK_BASELINE,
  AZURE_SECURITY_BOOK,
  AZURE_SECURITY_BOOK_2024,
  KUBERNETES_NETWORK_PRACTICES,
  SECURING_KUBERNETES_IN_AZURE,
} from './baselines.ts';
import { CIS_AKS } from './cis-aks.ts';
import { CIS_KUBERNETES } from './cis-kubernetes.ts';
import type { Framework } from './framework.ts';
import { ATTACK, NIST_800_190, NSA_CISA, OWASP_CHEAT_SHEET, OWASP_TOP_TEN, PSS } from './general.ts';

/** Every framework, in the order in which reports list them. */
export const FRAMEWORKS: Readonly<Record<FrameworkId, Framework>> = {
  'cis-kubernetes': CIS_KUBERNETES,
  'cis-aks': CIS_AKS,
  'nist-800-190': NIST_800_190,
  'nsa-cisa': NSA_CISA,
  'owasp-top-ten': OWASP_TOP_TEN,
  'owasp-cheat-sheet': OWASP_CHEAT_SHEET,
  mcsb: MCSB,
  'azure-policy': AZURE_POLICY,
  pss: PSS,
  attack: ATTACK,
  'azure-security-book': AZURE_SECURITY_BOOK,
  'azure-security-book-2024': AZURE_SECURITY_BOOK_2024,
  'aks-network-baseline': AKS_NETWORK_BASELINE,
  'kubernetes-network-practices': KUBERNETES_NETWORK_PRACTICES,
  'securing-kubernetes-in-azure': SECURING_KUBERNETES_IN_AZURE,
};
