/** Media types of the OCI image and distribution specs, and Docker's older names of the same things. */

export const mediaTypes = {
	index: 'application/vnd.oci.image.index.v1+json',
	manifest: 'application/vnd.oci.image.manifest.v1+json',
	config: 'application/vnd.oci.image.config.v1+json',
	layer: 'application/vnd.oci.image.layer.v1.tar',
	dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
	dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
	bytes: 'application/octet-stream',
} as const;

/** Every form of manifest that we can read, as an `Accept` header. */
export const acceptManifests = [
	mediaTypes.index,
	mediaTypes.manifest,
	mediaTypes.dockerIndex,
	mediaTypes.dockerManifest,
].join(', ');

/** Whether a manifest of that type lists other manifests. */
export function isIndexType(mediaType: string): boolean {
	return mediaType === mediaTypes.index || mediaType === mediaTypes.dockerIndex;
}
