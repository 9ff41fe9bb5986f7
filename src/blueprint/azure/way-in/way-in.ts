import type { Part } from '../resources.ts';
import { applicationGateway } from './application-gateway.ts';
import { containersGateway } from './containers.ts';
import { frontDoor } from './front-door.ts';

/** What takes requests of people and looks at them before the cluster does. */
export const wayIn: Part = (design) => {
  if (design.choices.wayIn === 'none') return [];
  switch (design.choices.waf) {
    case 'application-gateway':
      return applicationGateway(design);
    case 'containers':
      return containersGateway(design);
    case 'front-door':
      return frontDoor(design);
  }
};
