variable "location" {
  type    = string
  default = "westeurope"
}

variable "environment" {
  type    = string
  default = "prod"
}

variable "partner_name" {
  type    = string
  default = "api.partner.com"
}

locals {
  resource_group   = "this-resource-group"
  firewall_address = "10.10.0.4"

  zones = {
    "privatelink.vaultcore.azure.net" = { linked = true }
    "privatelink.azurecr.io"          = { linked = false }
  }
}
