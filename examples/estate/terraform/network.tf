resource "azurerm_virtual_network" "hub" {
  name                = "vnet-hub"
  location            = var.location
  resource_group_name = local.resource_group
  address_space       = ["10.10.0.0/16"]
}

resource "azurerm_subnet" "firewall" {
  name                 = "AzureFirewallSubnet"
  resource_group_name  = local.resource_group
  virtual_network_name = azurerm_virtual_network.hub.name
  address_prefixes     = ["10.10.0.0/26"]
}

resource "azurerm_subnet" "gateway" {
  name                 = "snet-gateway"
  resource_group_name  = local.resource_group
  virtual_network_name = azurerm_virtual_network.hub.name
  address_prefixes     = ["10.10.1.0/24"]
}

resource "azurerm_virtual_network" "spoke" {
  name                = "vnet-spoke"
  location            = var.location
  resource_group_name = local.resource_group
  address_space       = ["10.20.0.0/16"]
}

resource "azurerm_subnet" "apps" {
  name                            = "snet-apps"
  resource_group_name             = local.resource_group
  virtual_network_name            = azurerm_virtual_network.spoke.name
  address_prefixes                = ["10.20.0.0/22"]
  service_endpoints               = ["Microsoft.Storage"]
  default_outbound_access_enabled = false
}

resource "azurerm_subnet" "endpoints" {
  name                              = "snet-endpoints"
  resource_group_name               = local.resource_group
  virtual_network_name              = azurerm_virtual_network.spoke.name
  address_prefixes                  = ["10.20.8.0/24"]
  private_endpoint_network_policies = "Disabled"
}

resource "azurerm_subnet" "edge" {
  name                 = "snet-edge"
  resource_group_name  = local.resource_group
  virtual_network_name = azurerm_virtual_network.spoke.name
  address_prefixes     = ["10.20.9.0/24"]
}

resource "azurerm_virtual_network_peering" "to_hub" {
  name                         = "to-hub"
  resource_group_name          = local.resource_group
  virtual_network_name         = azurerm_virtual_network.spoke.name
  remote_virtual_network_id    = azurerm_virtual_network.hub.id
  allow_virtual_network_access = true
  allow_forwarded_traffic      = true
  use_remote_gateways          = false
}

resource "azurerm_virtual_network_peering" "to_spoke" {
  name                         = "to-spoke"
  resource_group_name          = local.resource_group
  virtual_network_name         = azurerm_virtual_network.hub.name
  remote_virtual_network_id    = azurerm_virtual_network.spoke.id
  allow_virtual_network_access = true
  allow_forwarded_traffic      = true
  allow_gateway_transit        = false
}

resource "azurerm_network_security_group" "apps" {
  name                = "nsg-apps"
  location            = var.location
  resource_group_name = local.resource_group

  security_rule {
    name                       = "allow-edge-in"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = azurerm_subnet.edge.address_prefixes[0]
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_ranges    = ["443", "8443"]
  }

  security_rule {
    name                       = "allow-ssh-from-anywhere"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "22"
  }
}

resource "azurerm_network_security_rule" "deny_smtp_out" {
  name                        = "deny-smtp-out"
  resource_group_name         = local.resource_group
  network_security_group_name = azurerm_network_security_group.apps.name
  priority                    = 200
  direction                   = "Outbound"
  access                      = "Deny"
  protocol                    = "Tcp"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "Internet"
  destination_port_range      = "25"
}

resource "azurerm_subnet_network_security_group_association" "apps" {
  subnet_id                 = azurerm_subnet.apps.id
  network_security_group_id = azurerm_network_security_group.apps.id
}

resource "azurerm_route_table" "apps" {
  name                          = "rt-apps"
  location                      = var.location
  resource_group_name           = local.resource_group
  bgp_route_propagation_enabled = false

  route {
    name                   = "default"
    address_prefix         = "0.0.0.0/0"
    next_hop_type          = "VirtualAppliance"
    next_hop_in_ip_address = local.firewall_address
  }
}

resource "azurerm_subnet_route_table_association" "apps" {
  subnet_id      = azurerm_subnet.apps.id
  route_table_id = azurerm_route_table.apps.id
}
