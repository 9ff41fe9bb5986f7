resource "azurerm_kubernetes_cluster" "shop" {
  name                                = "aks-shop"
  location                            = var.location
  resource_group_name                 = local.resource_group
  node_resource_group                 = "rg-aks-shop-nodes"
  dns_prefix                          = "shop"
  kubernetes_version                  = "1.34.2"
  private_cluster_enabled             = true
  private_cluster_public_fqdn_enabled = false

  default_node_pool {
    name           = "apps"
    node_count     = 3
    max_pods       = 110
    vm_size        = "Standard_D4s_v5"
    vnet_subnet_id = azurerm_subnet.apps.id
  }

  identity {
    type = "SystemAssigned"
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "calico"
    pod_cidr            = "10.244.0.0/16"
    service_cidr        = "10.0.0.0/16"
    dns_service_ip      = "10.0.0.10"
    outbound_type       = "userDefinedRouting"
    load_balancer_sku   = "standard"
  }
}
