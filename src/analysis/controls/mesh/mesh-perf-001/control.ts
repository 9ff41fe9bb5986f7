import { answeredOr, plain } from '../../assessment.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { meshSigns } from '../signs.ts';

const ID = 'MESH-PERF-001';

export const meshPerf001: Control = {
  data: {
    id: ID,
    title: 'What encryption between pods costs was measured',
    severity: 'info',
    rationale:
      'Proxies and tunnels cost time and processor. Who has not measured it turns encryption off at the first slow day, and does not know whether that helped.',
    evidence: 'whether anything encrypts between pods, and the answer of a person: latency is in no configuration',
    states: [
      { state: 'MANUAL', when: 'something encrypts, and nobody has answered' },
      { state: 'WARN', when: 'somebody answered that it was not measured' },
      { state: 'PASS', when: 'somebody answered that it was measured and is acceptable' },
      { state: 'NA', when: 'nothing in the input encrypts between pods' },
    ],
    remedy:
      'Measure latency (50th and 99th percentile) and processor use of proxies or agents with and without encryption under load, write it down, and size proxies or use ambient mode where it is too much.',
    mappings: mappingsOf({
      'nsa-cisa': ['service-meshes'],
      'owasp-cheat-sheet': ['providing-extra-security-with-a-service-mesh'],
      mcsb: ['LT-3'],
      'kubernetes-network-practices': ['L45'],
    }),
    question:
      'Was the cost of encryption between pods (latency and processor) measured under load, and is it acceptable?',
  },
  /** Never fails by itself: that something is slow is no hole. */
  assess(context) {
    const { mesh, tunnel } = meshSigns(context);
    const name = mesh ?? tunnel?.name;
    if (name === undefined) return plain('NA', 'nothing in the input encrypts between pods');
    const answer = answeredOr(context, ID, `${name} encrypts between pods, and what that costs is in no configuration`);
    return answer.state === 'FAIL' ? { ...answer, state: 'WARN' } : answer;
  },
};
