resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' existing = {
  name: 'fwp'
}

resource ringfence 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01' = {
  parent: policy
  name: 'ringfence'
  properties: {
    priority: 1000
    ruleCollections: [
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
        name: 'ringfence-addresses'
        priority: 100
        action: {
          type: 'Allow'
        }
        rules: [
          {
            ruleType: 'NetworkRule'
            name: 'shop-Pod-web-1'
            ipProtocols: [
              'TCP'
            ]
            sourceAddresses: [
              '10.20.0.0/22'
            ]
            destinationAddresses: [
              '198.51.100.0/24'
            ]
            destinationPorts: [
              '1433'
            ]
          }
        ]
      }
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
        name: 'ringfence-names'
        priority: 200
        action: {
          type: 'Allow'
        }
        rules: [
          {
            ruleType: 'ApplicationRule'
            name: 'shop-Pod-api-2'
            sourceAddresses: [
              '10.20.0.0/22'
            ]
            targetFqdns: [
              'api.partner.com'
            ]
            protocols: [
              {
                protocolType: 'Https'
                port: 443
              }
            ]
          }
          {
            ruleType: 'ApplicationRule'
            name: 'shop-Pod-api-3'
            sourceAddresses: [
              '10.20.0.0/22'
            ]
            targetFqdns: [
              '*.contoso.com'
            ]
            protocols: [
              {
                protocolType: 'Https'
                port: 443
              }
            ]
          }
        ]
      }
    ]
  }
}
