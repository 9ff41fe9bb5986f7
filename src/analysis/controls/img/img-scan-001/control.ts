import type { Fix, Judged } from '#model/control.ts';
import type { ControlContext } from '../../context.ts';
import type { Control } from '../../control.ts';
import { mappingsOf } from '../../mappings.ts';
import { ownedImagesAt } from '../owned-images.ts';
import { assessScans, ID } from './assess.ts';
import { scansOf } from './scans.ts';

export const imgScan001: Control = {
  data: {
    id: ID,
    title: 'Images are scanned, and what the internet reaches is mended first',
    severity: 'high',
    rationale:
      'A vulnerability that is known, and mended in a newer version, is what automated attacks look for. Where no connection gets to it there is time; where the internet does, there is none.',
    evidence:
      'reports of Trivy, CycloneDX and SARIF and reports of the Trivy operator, joined with images by digest, by what pods run, and by tag; and which of the workloads the internet reaches, by all of policy',
    states: [
      {
        state: 'FAIL',
        when: 'the internet reaches a workload with an image that no scan is of, or with a critical vulnerability that a newer version mends',
      },
      { state: 'WARN', when: 'the same where the internet does not reach it, or with a high vulnerability' },
      { state: 'PASS', when: 'every image was scanned, and nothing critical or high that can be mended was found' },
      { state: 'UNKNOWN', when: 'Defender for Containers scans, and what it found is not in the input' },
      { state: 'MANUAL', when: 'the input has no scan' },
      { state: 'NA', when: 'no workload is outside of the namespaces of the platform' },
    ],
    remedy:
      'Scan images in the registry and in the pipeline, build them anew on a base that is mended, and let policy keep the internet away until they are.',
    mappings: mappingsOf({
      'cis-aks': ['5.1.1'],
      'nist-800-190': ['4.1.1'],
      'nsa-cisa': ['building-secure-container-images'],
      'owasp-top-ten': ['K07'],
      'owasp-cheat-sheet': ['use-a-ci-pipeline-to-control-and-identify-vulnerabilities'],
      mcsb: ['DS-6', 'PV-5'],
      'azure-policy': ['090c7b07-b4ed-4561-ad20-e9075f3ccaff', '17f4b1cc-c55c-4d94-b1f9-2978f6ac2957'],
      attack: ['T1190', 'T1525'],
      'securing-kubernetes-in-azure': ['L24', 'L25'],
    }),
    question:
      'Is every image that runs in the cluster scanned for vulnerabilities, again and again, and is what is found mended?',
  },
  assess: assessScans,
  fix: fixScan,
};

function fixScan(context: ControlContext, { where }: Judged): Fix | undefined {
  const found = ownedImagesAt(context, where.id);
  if (found === undefined) return undefined;
  const unseen = found.images.filter(({ text }) => scansOf(context, text).length === 0);
  if (unseen.length > 0)
    return {
      summary: `scan the images of \`${where.name}\``,
      automatic: false,
      changes: [],
      steps: [
        ...unseen.map(
          ({ text }) => `\`trivy image --format json --output scan.json ${text}\`, and give the file with the input`,
        ),
        'let the registry scan what is pushed: Defender for Containers does for Azure Container Registry',
      ],
    };
  return {
    summary: `take newer images for \`${where.name}\``,
    automatic: false,
    changes: [],
    steps: [
      'build the image anew on a base image of today, with the packages that the evidence names, and roll it out',
      'until then let nobody reach it who need not: `ringfence expose` shows who does',
    ],
  };
}
