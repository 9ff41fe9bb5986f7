/** The choices of `ringfence blueprint init --example`: a shop of two teams. The day is another one by then. */
export const EXAMPLE = `# What the environment is to be. \`ringfence blueprint\` builds it, and proves that it is.
schema: ringfence.dev/blueprint/v1
name: shop
environment: prod
region: westeurope
topology: hub-spoke
nodes: 6
engine: cilium
mesh: cilium
wayIn: public
waf: application-gateway
host: www.example.com
teams:
  - name: storefront
    group: 11111111-1111-1111-1111-111111111111
    namespaces:
      - name: shop-frontend
        sensitivity: public
        published: true
        calls: [shop-backend]
      - name: shop-backend
        sensitivity: confidential
        services: [postgresql]
        calls: [shop-payments]
  - name: payments
    group: 22222222-2222-2222-2222-222222222222
    namespaces:
      - name: shop-payments
        sensitivity: restricted
outside:
  - name: api.partner.com
    namespaces: [shop-payments]
groups:
  clusterAdmins: 33333333-3333-3333-3333-333333333333
  networkAdmins: 44444444-4444-4444-4444-444444444444
  auditors: 55555555-5555-5555-5555-555555555555
alertsTo: [platform@example.com]
reviewBy: 2027-05-21
forms: [terraform]
pipelines: [github]
`;
