import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { assessNodeSystems, ID } from './assess.ts';
import { fixNodeSystem } from './fix.ts';

export const cpNode001: Control = {
  data: {
    id: ID,
    title: 'Operating systems of nodes are supported, and mended without anybody thinking of it',
    severity: 'medium',
    rationale:
      'Containers share the kernel of their node: a hole in it is a way out of every one of them. Nodes that nobody upgrades keep the holes that are known.',
    evidence:
      'Of AKS: the channel of node images, the operating system of each pool and the day of its image. Of other clusters: the operating system that nodes report.',
    states: [
      { state: 'PASS', when: 'images are upgraded by themselves, and the operating system is supported' },
      {
        state: 'FAIL',
        when: 'nothing upgrades them, an image is older than 30 days, or its operating system has no support',
      },
      { state: 'WARN', when: 'support ends within a year, or the channel is left to its default' },
      { state: 'MANUAL', when: 'nodes are none of AKS: nothing shows how they are mended' },
      { state: 'UNKNOWN', when: 'nothing of nodes is in the input' },
    ],
    remedy:
      'On AKS, have node images upgraded by themselves (`az aks update --node-os-upgrade-channel NodeImage`) in a planned window, and move pools to an operating system that is supported. Elsewhere, replace or patch nodes every month.',
    question: 'Are fixes for the operating systems of all nodes installed within 30 days?',
    mappings: mappingsOf({
      'nist-800-190': ['4.5.1', '4.5.2', '4.5.3'],
      'nsa-cisa': ['upgrading-and-application-security-practices'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['updating-kubernetes'],
      mcsb: ['PV-3', 'PV-6'],
      'azure-policy': [
        '04408ca5-aa10-42ce-8536-98955cdddd4c',
        '5c345cdf-2049-47e0-b8fe-b0e96bc2df35',
        'fb893a29-21bb-418c-a157-e99480ec364c',
      ],
      attack: ['T1068', 'T1611'],
      'azure-security-book': ['L9'],
      'securing-kubernetes-in-azure': ['L27'],
    }),
  },
  assess: assessNodeSystems,
  fix: fixNodeSystem,
};
