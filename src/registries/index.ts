/** The shelf of registry drivers. */

export { openContainerRegistry, removeRegistryContainers } from './container.ts';
export { openEmbeddedRegistry } from './embedded.ts';
export { openExternalRegistry, removePushedImages } from './external.ts';
