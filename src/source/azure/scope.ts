/** What of Azure is read live: a subscription by id or name, or a management group. */
export type AzureScope =
  | { readonly kind: 'subscription'; readonly name: string }
  | { readonly kind: 'management-group'; readonly name: string };

/** `GUID`, `sub:NAME-OR-ID` and `mg:NAME` are read live; everything else is a path, and undefined here. */
export function azureScopeOf(text: string): AzureScope | undefined {
  if (isSubscriptionId(text)) return { kind: 'subscription', name: text.toLowerCase() };
  const match = /^(sub|mg):(.+)$/is.exec(text);
  if (match === null) return undefined;
  const name = match[2]!.trim();
  if (match[1]!.toLowerCase() === 'mg') return { kind: 'management-group', name };
  return { kind: 'subscription', name: isSubscriptionId(name) ? name.toLowerCase() : name };
}

export function isSubscriptionId(text: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
