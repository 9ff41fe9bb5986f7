/** What controls can be exported to. */
export const EXPORT_FORMS = ['gatekeeper', 'admission-policy', 'azure-policy'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];
