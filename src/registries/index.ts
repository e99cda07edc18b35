/** The shelf of registry drivers. */

export { openContainerRegistry, removeRegistryContainers } from './container.ts';
