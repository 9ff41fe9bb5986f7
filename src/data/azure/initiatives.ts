/** An initiative that Azure shows as regulatory compliance. */
export interface AzureInitiative {
  readonly id: string;
  /** As a sentence names it. */
  readonly name: string;
}

/** Where their definitions are published. */
export const INITIATIVES_SOURCE =
  'https://github.com/Azure/azure-policy/tree/master/built-in-policies/policySetDefinitions';
export const INITIATIVES_AS_OF = '2026-11';

/** Those that say something of Kubernetes or of the network around it. */
export const COMPLIANCE_INITIATIVES: readonly AzureInitiative[] = [
  { id: '1f3afdf9-d0c9-4c3d-847f-89da613e70a8', name: 'the Microsoft cloud security benchmark' },
  { id: 'e3ec7e09-768c-4b64-882c-fcada3772047', name: 'the Microsoft cloud security benchmark v2' },
  { id: '06f19060-9e68-4070-92ca-f15cc126059e', name: 'the CIS Microsoft Azure Foundations Benchmark v2.0.0' },
  { id: 'fe7782e4-6ff3-4e39-8d8a-64b6f7b82c85', name: 'the CIS Azure Foundations Benchmark v2.1.0' },
  { id: '470a962c-86a0-433b-803a-3c176b5ce79c', name: 'the CIS Azure Foundations Benchmark v3.0.0' },
  { id: '179d1daa-458f-4e47-8086-2a68d0d6c38f', name: 'NIST SP 800-53 Rev. 5' },
  { id: '60205a79-6280-4e20-a147-e2011e09dc78', name: 'NIST SP 800-53 R5.1.1' },
  { id: 'c676748e-3af9-4e22-bc28-50feed564afb', name: 'PCI DSS v4' },
  { id: 'a06d5deb-24aa-4991-9d58-fa7563154e31', name: 'PCI DSS v4.0.1' },
  { id: '89c6cddc-1c73-4ac1-b19c-54d1a15a42f2', name: 'ISO 27001:2013' },
  { id: '5e4ff661-23bf-42fa-8e3a-309a55091cc7', name: 'ISO/IEC 27001:2022' },
];
