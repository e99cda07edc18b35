#!/usr/bin/env bash
# What `grade` asks of a cluster on which the first lab is solved, asked with kubectl, curl and the registry's log.
# Needs KUBECONFIG and REGISTRY_ENDPOINT, as `kubeproctor env` prints them. Ends with 1 at the first wrong answer.
set -euo pipefail

expect() { # what, wanted, got
	[[ $3 == "$2" ]] || { echo "$1: expected $2, got $3" >&2; exit 1; }
}

image=registry.example.com/myapp:1.0

# 1: the Secret, its type and its credentials, tried against the registry
expect type kubernetes.io/dockerconfigjson "$(kubectl get secret my-registry-creds -o jsonpath='{.type}')"
config=$(kubectl get secret my-registry-creds -o jsonpath='{.data.\.dockerconfigjson}' | base64 -d)
[[ $config =~ \"registry.example.com\".*\"username\":\ *\"([^\"]*)\".*\"password\":\ *\"([^\"]*)\" ]]
status=$(curl -s -o /dev/null -w '%{http_code}' -I --config - "$REGISTRY_ENDPOINT/v2/myapp/manifests/1.0" \
	-H 'Accept: application/vnd.oci.image.index.v1+json' <<<"user = \"${BASH_REMATCH[1]}:${BASH_REMATCH[2]}\"")
expect registry 200 "$status"

# 2: a Pod that runs through it, of the image that is in the registry, which served it
expect list my-registry-creds "$(kubectl get pod private-pod -o jsonpath='{.spec.imagePullSecrets[*].name}')"
expect running true "$(kubectl get pod private-pod -o jsonpath='{.status.containerStatuses[0].started}')"
[[ $(kubectl get pod private-pod -o jsonpath='{.status.containerStatuses[0].imageID}') == *@sha256:* ]]
registry=$(docker ps -q --filter "publish=${REGISTRY_ENDPOINT##*:}")
docker logs "$registry" 2>&1 | grep 'GET /v2/myapp/manifests/.* 200 ' >/dev/null

# 3: a Pod without credentials is refused, and so are the controls
[[ $(kubectl get pod -n staging no-creds-pod -o jsonpath='{.status.containerStatuses[0].state.waiting.reason}') =~ ImagePull ]]
[[ $(kubectl get pods -n kubeproctor -o jsonpath='{.items[*].status.containerStatuses[0].state.waiting.reason}') =~ ImagePull ]]

# 4: the ServiceAccount hands the Secret on, to a Pod that names none itself
expect account my-registry-creds "$(kubectl get serviceaccount default -o jsonpath='{.imagePullSecrets[*].name}')"
expect running true "$(kubectl get pod sa-pod -o jsonpath='{.status.containerStatuses[0].started}')"
writers=$(kubectl get pod sa-pod --show-managed-fields -o jsonpath='{.metadata.managedFields[*].fieldsV1}')
[[ $writers != *f:imagePullSecrets* ]]
handed=$(kubectl create --dry-run=server -o jsonpath='{.spec.imagePullSecrets[*].name}' -f - <<-POD
	{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "probe" },
	  "spec": { "containers": [{ "name": "app", "image": "$image" }] } }
POD
)
expect handed my-registry-creds "$handed"
