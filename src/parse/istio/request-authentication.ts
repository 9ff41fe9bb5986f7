import type { RequestAuthentication } from '#model/istio.ts';
import type { Meta } from '../kubernetes/meta.ts';
import type { Reader } from '../kubernetes/reader.ts';
import { readTargets } from './target.ts';

/** `security.istio.io` RequestAuthentication. */
export function readRequestAuthentication(object: Reader, meta: Meta): RequestAuthentication {
  const spec = object.childOrEmpty('spec');
  return {
    ...meta,
    kind: 'RequestAuthentication',
    ...readTargets(spec),
    issuers: spec.children('jwtRules').map((rule) => rule.requiredText('issuer')),
    gaps: [...object.unread('spec'), ...spec.unread()],
  };
}
