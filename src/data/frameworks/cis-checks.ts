import type { CisCheck } from './cis-check.ts';
import {
  AKS_FILE_CHECKS,
  KUBELET_CHECKS,
  NODE_FILE_CHECKS,
  PROXY_CHECKS,
  SERVER_FILE_CHECKS,
} from './cis-checks-node.ts';
import { API_SERVER_CHECKS, CONTROLLER_CHECKS, ETCD_CHECKS } from './cis-checks-server.ts';

/** What the CIS benchmarks for Kubernetes 1.12 and AKS 1.8 ask of components and of files of nodes, in their order. */
export const CIS_CHECKS: readonly CisCheck[] = [
  ...SERVER_FILE_CHECKS,
  ...API_SERVER_CHECKS,
  ...CONTROLLER_CHECKS,
  ...ETCD_CHECKS,
  ...NODE_FILE_CHECKS,
  ...AKS_FILE_CHECKS,
  ...KUBELET_CHECKS,
  ...PROXY_CHECKS,
];
