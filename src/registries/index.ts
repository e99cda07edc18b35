/** The shelf of registry drivers. */

export { openContainerRegistry, removeRegistryContainers } from './container.ts';
export { openEmbeddedRegistry, readEmbeddedLog } from './embedded.ts';
export { openExternalRegistry, removePushedImages } from './external.ts';
