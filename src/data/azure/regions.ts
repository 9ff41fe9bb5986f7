/**
 * Regions without availability zones, each with the nearest that has them. Azure reliability, "Azure regions list" and
 * "Availability zones region support" (the latter for Azure operated by 21Vianet); checked on 2026-11-21.
 */
export const REGIONS_WITHOUT_ZONES: Readonly<Record<string, string>> = {
  australiacentral: 'australiaeast',
  australiacentral2: 'australiaeast',
  australiasoutheast: 'australiaeast',
  brazilsoutheast: 'brazilsouth',
  canadaeast: 'canadacentral',
  francesouth: 'francecentral',
  germanynorth: 'germanywestcentral',
  koreasouth: 'koreacentral',
  northcentralus: 'centralus',
  norwaywest: 'norwayeast',
  southafricawest: 'southafricanorth',
  southindia: 'centralindia',
  switzerlandwest: 'switzerlandnorth',
  uaecentral: 'uaenorth',
  ukwest: 'uksouth',
  westcentralus: 'westus2',
  westindia: 'centralindia',
  westus: 'westus2',
  usgovarizona: 'usgovvirginia',
  usgovtexas: 'usgovvirginia',
  chinaeast: 'chinanorth3',
  chinaeast2: 'chinanorth3',
  chinanorth: 'chinanorth3',
  chinanorth2: 'chinanorth3',
};
