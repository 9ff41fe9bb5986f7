/** A way in which a firewall looks at what it lets through. */
export interface Mode {
  readonly detail: string;
  readonly field: string;
  readonly what: string;
}

export const THREATS: Mode = {
  detail: 'threat intelligence',
  field: 'properties.threatIntelMode',
  what: 'threat intelligence',
};
export const INTRUSIONS: Mode = {
  detail: 'intrusion detection',
  field: 'properties.intrusionDetection.mode',
  what: 'intrusion detection',
};
