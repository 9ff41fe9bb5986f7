data "azurerm_client_config" "current" {}

resource "azurerm_key_vault" "shop" {
  name                          = format("kv-shop-%s", var.environment)
  location                      = var.location
  resource_group_name           = local.resource_group
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  public_network_access_enabled = true

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
    ip_rules       = ["203.0.113.0/24"]
  }
}

resource "azurerm_container_registry" "shop" {
  name                          = "acrshop${var.environment}"
  location                      = var.location
  resource_group_name           = local.resource_group
  sku                           = "Premium"
  public_network_access_enabled = false
  admin_enabled                 = false
}

resource "azurerm_private_dns_zone" "this" {
  for_each = local.zones

  name                = each.key
  resource_group_name = local.resource_group
}

resource "azurerm_private_dns_zone_virtual_network_link" "spoke" {
  for_each = { for name, zone in local.zones : name => zone if zone.linked }

  name                  = "spoke"
  resource_group_name   = local.resource_group
  private_dns_zone_name = azurerm_private_dns_zone.this[each.key].name
  virtual_network_id    = azurerm_virtual_network.spoke.id
  registration_enabled  = false
}

resource "azurerm_private_endpoint" "vault" {
  name                = "pe-vault"
  location            = var.location
  resource_group_name = local.resource_group
  subnet_id           = azurerm_subnet.endpoints.id

  ip_configuration {
    name               = "main"
    private_ip_address = "10.20.8.4"
    subresource_name   = "vault"
    member_name        = "default"
  }

  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.shop.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.this["privatelink.vaultcore.azure.net"].id]
  }
}

resource "azurerm_private_endpoint" "registry" {
  name                = "pe-registry"
  location            = var.location
  resource_group_name = local.resource_group
  subnet_id           = azurerm_subnet.endpoints.id

  ip_configuration {
    name               = "main"
    private_ip_address = "10.20.8.5"
    subresource_name   = "registry"
    member_name        = "registry"
  }

  private_service_connection {
    name                           = "registry"
    private_connection_resource_id = azurerm_container_registry.shop.id
    subresource_names              = ["registry"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "default"
    private_dns_zone_ids = [azurerm_private_dns_zone.this["privatelink.azurecr.io"].id]
  }
}
