"""The kubernetes package, as it comes, against the cluster of KUBECONFIG; says what it saw as one JSON document."""

import json
import sys
import threading

from kubernetes import client, config, dynamic, watch
from kubernetes.client.exceptions import ApiException

config.load_kube_config()
core = client.CoreV1Api()
namespace = "clients-python"
labels = {"app": "python"}
selector = "app=python"


def make(name, data=None):
    metadata = client.V1ObjectMeta(name=name, labels=labels)
    return core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=metadata, data=data or {}))


def failure_of(action):
    try:
        action()
    except ApiException as error:
        if error.body is None:
            return [error.status, error.reason.split(":")[0]]
        status = json.loads(error.body)
        return [error.status, status["reason"], status["message"]]
    return None


def see_changes():
    """List, then watch from there, while another thread creates, updates and deletes."""
    make("before")
    listed = core.list_namespaced_config_map(namespace, label_selector=selector)
    seen = [f"LISTED {item.metadata.name}" for item in listed.items]

    def change():
        make("after")
        core.patch_namespaced_config_map("after", namespace, {"data": {"size": "2"}})
        core.delete_namespaced_config_map("before", namespace)

    worker = threading.Thread(target=change)
    worker.start()
    stream = watch.Watch()
    options = {"label_selector": selector, "resource_version": listed.metadata.resource_version, "timeout_seconds": 30}
    for event in stream.stream(core.list_namespaced_config_map, namespace, **options):
        seen.append(f"{event['type']} {event['object'].metadata.name}")
        if event["type"] == "DELETED":
            stream.stop()
    worker.join()
    return seen


def resume():
    """A second watch goes on where the first one ended."""
    first = make("resumed-1")
    make("resumed-2")
    seen = []
    stream = watch.Watch()
    options = {"label_selector": selector, "resource_version": first.metadata.resource_version, "timeout_seconds": 1}
    for event in stream.stream(core.list_namespaced_config_map, namespace, **options):
        seen.append(f"{event['type']} {event['object'].metadata.name}")
    return seen


def meet_forgotten_version(revision):
    """A version before all that the server remembers."""
    options = {"resource_version": revision, "timeout_seconds": 5}
    return failure_of(lambda: list(watch.Watch().stream(core.list_namespaced_config_map, namespace, **options)))


def patch_all_ways():
    make("patched", {"a": "1"})
    api = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version="v1", kind="ConfigMap")

    def patch(body, kind, **options):
        made = api.patch(name="patched", namespace=namespace, body=body, content_type=f"application/{kind}", **options)
        return made.to_dict()["data"]

    applied = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "patched"}, "data": {"c": "4"}}
    other = {**applied, "data": {"c": "5"}}
    kind = "apply-patch+yaml"
    return {
        "strategic": patch({"data": {"b": "2"}}, "strategic-merge-patch+json"),
        "merge": patch({"data": {"a": None}}, "merge-patch+json"),
        "json": patch([{"op": "replace", "path": "/data/b", "value": "3"}], "json-patch+json"),
        "apply": patch(applied, kind, field_manager="anna"),
        "conflict": failure_of(lambda: patch(other, kind, field_manager="ben")),
        "forced": patch(other, kind, field_manager="ben", force_conflicts=True),
    }


def be_refused():
    made = make("refused")
    core.patch_namespaced_config_map("refused", namespace, {"data": {"a": "b"}})
    pod = {"metadata": {"name": "p"}, "spec": {"containers": []}}
    return {
        "absent": failure_of(lambda: core.read_namespaced_config_map("absent", namespace)),
        "twice": failure_of(lambda: make("refused")),
        "stale": failure_of(lambda: core.replace_namespaced_config_map("refused", namespace, made)),
        "invalid": failure_of(lambda: core.create_namespaced_pod(namespace, pod)),
    }


def page():
    names, rest, pages = [], None, 0
    while pages == 0 or rest:
        listed = core.list_namespaced_config_map(namespace, label_selector=selector, limit=2, _continue=rest)
        names += [item.metadata.name for item in listed.items]
        rest = listed.metadata._continue
        pages += 1
    return [names, pages]


core.create_namespace({"metadata": {"name": namespace}})
json.dump(
    {
        "changes": see_changes(),
        "resumed": resume(),
        "forgotten": meet_forgotten_version("1"),
        "patches": patch_all_ways(),
        "refusals": be_refused(),
        "pages": page(),
        "version": client.VersionApi().get_code().git_version,
    },
    sys.stdout,
)
