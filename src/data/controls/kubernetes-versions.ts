/** Until when the makers of Kubernetes mend a minor version: the last day. Checked 2026-11 against kubernetes.io/releases. */
export const KUBERNETES_ENDS: ReadonlyMap<number, string> = new Map([
  [25, '2023-10-28'],
  [26, '2024-02-28'],
  [27, '2024-07-16'],
  [28, '2024-10-22'],
  [29, '2025-02-28'],
  [30, '2025-07-15'],
  [31, '2025-11-11'],
  [32, '2026-02-28'],
  [33, '2026-06-28'],
  [34, '2026-10-27'],
  [35, '2027-02-28'],
  [36, '2027-06-28'],
]);

export const KUBERNETES_VERSIONS_SOURCE = 'https://kubernetes.io/releases/patch-releases/';
export const KUBERNETES_VERSIONS_AS_OF = '2026-11';

/**
 * AKS takes up a version after its makers, and drops it up to three months after them; with long-term support a year
 * later (learn.microsoft.com, supported Kubernetes versions and long-term support; checked 2026-11).
 */
export const AKS_GRACE_DAYS = 92;
export const AKS_LONG_TERM_DAYS = 365;

/** Kubelets may be three minor versions older than the API server (Kubernetes version skew policy, since 1.28). */
export const KUBELET_SKEW = 3;

/**
 * Istio is mended until six weeks after the second version that follows: the newest minor version that surely is not any
 * more, and the newest of which it depends on who packages it (istio.io, supported releases; checked 2026-11).
 */
export const ISTIO_ENDED = 26;
export const ISTIO_ENDING = 29;
