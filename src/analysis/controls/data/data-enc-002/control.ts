import type { Assessment, Fix, Judged } from '#model/control.ts';
import { assessmentOf, plain } from '../../assessment.ts';
import { azId } from '../../az-command.ts';
import { resourceOf } from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { counted, worded } from '../../worded.ts';
import { judgeServices, WEAKNESSES } from './azure.ts';
import { judgeVolumes } from './volumes.ts';

export const dataEnc002: Control = {
  data: {
    id: 'DATA-ENC-002',
    title: 'What is read from storage and databases is encrypted on its way',
    severity: 'medium',
    rationale:
      'Volumes are mounted by the node, outside of every mesh and policy of pods: what they carry is as safe as their own protocol.',
    evidence:
      'Classes of storage, volumes and mounts; secure transfer and versions of TLS of storage accounts, caches and databases. Whether these are reached privately is judged by AZN-PE-001.',
    states: [
      { state: 'PASS', when: 'every volume and every service of the input is reached with encryption' },
      {
        state: 'FAIL',
        when: 'a share is mounted plainly over a public endpoint, or a service takes plain or broken connections',
      },
      { state: 'WARN', when: 'NFS is plain and stays on private networks' },
      { state: 'NA', when: 'the whole cluster has no such volume, and no service is in the input' },
      { state: 'UNKNOWN', when: 'a part of a cluster shows no volume and no service' },
    ],
    remedy:
      'Ask for secure transfer and TLS 1.2; mount Azure Files by SMB 3, or by NFS with `encryptInTransit` and a private endpoint.',
    mappings: mappingsOf({
      'nist-800-190': ['4.3.3'],
      'nsa-cisa': ['encryption'],
      'owasp-top-ten': ['K07'],
      mcsb: ['DP-3'],
      'azure-policy': ['34c877ad-507e-4c82-993e-3452a6e0ad3c', '6edd7eda-6dd8-40f7-810d-67160c639cd9'],
      attack: ['T1040'],
      'azure-security-book': ['L19'],
      'securing-kubernetes-in-azure': ['L39', 'L40'],
    }),
  },
  assess: assessOnTheWay,
  fix: fixOnTheWay,
};

function assessOnTheWay(context: ControlContext): Assessment {
  const places = [...judgeServices(context), ...judgeVolumes(context)];
  const isWhole = context.kind === 'live' || context.snapshot.azure.resources.size > 0;
  const absent = isWhole
    ? plain('NA', 'the input has no share, no NFS volume and no storage or database of Azure')
    : plain(
        'UNKNOWN',
        'no volume and no storage of Azure is in the input: add StorageClasses and volumes, or give Azure with --azure',
      );
  const bad = counted('place lets data travel plainly', 'places let data travel plainly');
  const good = counted('place encrypts data on its way', 'places encrypt data on its way');
  return assessmentOf(places, absent, worded(places, { bad, good }));
}

function fixOnTheWay(context: ControlContext, { where, detail }: Judged): Fix | undefined {
  const resource = resourceOf(context, where.id);
  if (resource === undefined)
    return {
      summary: 'mount with encryption',
      automatic: false,
      changes: [],
      steps: [
        'a class cannot be changed: make one by SMB, or by NFS with `encryptInTransit: "true"` and `networkEndpointType: privateEndpoint`',
        'move the claims to it',
      ],
    };
  const weakness = WEAKNESSES.find(
    ({ type, id }) => type.toLowerCase() === resource.type.toLowerCase() && id === detail,
  );
  if (weakness === undefined) return undefined;
  const { path, mended, command } = weakness;
  const ids = `--ids ${azId(resource.id)}`;
  return {
    summary: 'take encrypted connections only',
    automatic: true,
    changes: [
      {
        kind: 'edit-azure',
        resource: resource.id,
        edits: [{ op: 'set', path, value: mended }],
        ...(command !== undefined && { command: `${command} ${ids}` }),
      },
    ],
    steps: ['clients that connect without it are refused from then on: look at the metrics of the service first'],
  };
}
