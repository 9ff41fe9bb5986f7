/** One question to Azure Resource Graph, ready to be asked by hand. */
export interface AzureQuery {
  /** `networkresources` */
  readonly table: string;
  /** What it is needed for. */
  readonly about: string;
  /** Whether verdicts about traffic depend on it; the rest is for controls. */
  readonly decides: boolean;
  /** In the language of Resource Graph. */
  readonly query: string;
  /** Command lines of the Azure CLI that ask it. */
  readonly commands: readonly string[];
}

/** `ringfence azure queries` */
export interface AzureQueriesAnswer {
  readonly schema: 'ringfence.dev/azure-queries/v1';
  readonly queries: readonly AzureQuery[];
}
