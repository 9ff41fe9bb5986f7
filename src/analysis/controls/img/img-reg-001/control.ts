import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessRegistries } from './assess.ts';
import { fixRegistry } from './fix.ts';

export const imgReg001: Control = {
  data: {
    id: 'IMG-REG-001',
    title: 'Images come from trusted registries only, and are what their names say',
    severity: 'medium',
    rationale:
      'Whoever can push to the registry that a pod is started from runs what they like in the cluster. A tag can be pushed again, so that what was looked at is not what runs.',
    evidence:
      'the registry, the tag and the digest of every image of every workload, the list `controls.trustedRegistries` of the configuration, and the settings of the container registries in Azure',
    states: [
      {
        state: 'FAIL',
        when: 'an image is of a registry that is not on the list; a registry lets everybody pull, or has a shared password',
      },
      { state: 'WARN', when: 'an image has no version or no digest; a registry answers the whole internet' },
      { state: 'UNKNOWN', when: 'no list is stated, and the registry is not one of the input' },
      { state: 'PASS', when: 'every image is of a trusted registry and named by its digest' },
      { state: 'NA', when: 'no workload is outside of the namespaces of the platform' },
    ],
    remedy:
      'State the registries that are trusted, copy what else is needed there, name images by their digests, and let admission refuse the rest.',
    mappings: mappingsOf({
      'cis-kubernetes': ['5.5.1'],
      'cis-aks': ['5.1.4', '5.1.2', '5.1.3'],
      'nist-800-190': ['4.1.5', '4.2.1', '4.2.3'],
      'nsa-cisa': ['building-secure-container-images'],
      'owasp-top-ten': ['K01'],
      'owasp-cheat-sheet': ['only-use-authorized-images-in-your-environment'],
      mcsb: ['DS-2', 'AM-2'],
      'azure-policy': ['febd0533-8e55-448f-b837-bd0e06f16469', 'd0793b48-0edc-4296-a390-4c75d1bdfd71'],
      attack: ['T1204.003', 'T1525'],
      'securing-kubernetes-in-azure': ['L25', 'L26'],
    }),
  },
  assess: assessRegistries,
  fix: fixRegistry,
};
