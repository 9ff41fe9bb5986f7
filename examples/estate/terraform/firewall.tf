resource "azurerm_public_ip" "firewall" {
  name                = "pip-firewall"
  location            = var.location
  resource_group_name = local.resource_group
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_firewall" "hub" {
  name                = "fw-hub"
  location            = var.location
  resource_group_name = local.resource_group
  sku_name            = "AZFW_VNet"
  sku_tier            = "Standard"
  firewall_policy_id  = azurerm_firewall_policy.hub.id

  ip_configuration {
    name                 = "main"
    subnet_id            = azurerm_subnet.firewall.id
    public_ip_address_id = azurerm_public_ip.firewall.id
  }
}

resource "azurerm_firewall_policy" "hub" {
  name                     = "fwp-hub"
  location                 = var.location
  resource_group_name      = local.resource_group
  sku                      = "Standard"
  threat_intelligence_mode = "Deny"

  dns {
    proxy_enabled = true
  }
}

resource "azurerm_ip_group" "clusters" {
  name                = "ipg-clusters"
  location            = var.location
  resource_group_name = local.resource_group
  cidrs               = azurerm_subnet.apps.address_prefixes
}

resource "azurerm_firewall_policy_rule_collection_group" "aks" {
  name               = "rcg-aks"
  firewall_policy_id = azurerm_firewall_policy.hub.id
  priority           = 200

  network_rule_collection {
    name     = "rc-time"
    priority = 100
    action   = "Allow"

    rule {
      name                  = "ntp"
      protocols             = ["UDP"]
      source_ip_groups      = [azurerm_ip_group.clusters.id]
      destination_addresses = ["*"]
      destination_ports     = ["123"]
    }
  }

  application_rule_collection {
    name     = "rc-names"
    priority = 300
    action   = "Allow"

    rule {
      name                  = "aks"
      source_ip_groups      = [azurerm_ip_group.clusters.id]
      destination_fqdn_tags = ["AzureKubernetesService"]

      protocols {
        type = "Https"
        port = 443
      }
    }

    rule {
      name              = "partners"
      source_ip_groups  = [azurerm_ip_group.clusters.id]
      destination_fqdns = [var.partner_name, "*.partner.com"]

      protocols {
        type = "Https"
        port = 443
      }
    }
  }
}
