// client-go, as it comes, against the cluster of KUBECONFIG; says what it saw as one JSON document.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
	toolswatch "k8s.io/client-go/tools/watch"
)

const (
	namespace = "clients-go"
	selector  = "app=go"
)

var (
	ctx    = context.Background()
	labels = map[string]string{"app": "go"}
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	// As every controller of Kubernetes asks: in protobuf, and in JSON where there is none.
	config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	clientset, err := kubernetes.NewForConfig(config)
	must(err)
	own := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
	_, err = clientset.CoreV1().Namespaces().Create(ctx, own, metav1.CreateOptions{})
	must(err)
	maps := clientset.CoreV1().ConfigMaps(namespace)
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"informed":  inform(clientset, maps),
		"resumed":   resume(maps),
		"forgotten": meetForgottenVersion(maps),
		"patches":   patchAllWays(maps),
		"refusals":  beRefused(clientset, maps),
		"pages":     page(maps),
	}))
}

// An informer with a resync: what is there, what comes, what changes, what goes, and all of it again.
func inform(clientset kubernetes.Interface, maps typedcorev1.ConfigMapInterface) []string {
	create(maps, "before")
	seen := &log{}
	factory := informers.NewSharedInformerFactoryWithOptions(clientset, time.Second, informers.WithNamespace(namespace),
		informers.WithTweakListOptions(func(options *metav1.ListOptions) { options.LabelSelector = selector }))
	informer := factory.Core().V1().ConfigMaps().Informer()
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: func(object any) { seen.add("add " + nameOf(object)) },
		UpdateFunc: func(old, object any) {
			if old.(*corev1.ConfigMap).ResourceVersion == object.(*corev1.ConfigMap).ResourceVersion {
				seen.once("resync " + nameOf(object))
			} else {
				seen.add("update " + nameOf(object))
			}
		},
		DeleteFunc: func(object any) { seen.add("delete " + nameOf(object)) },
	})
	must(err)
	stop := make(chan struct{})
	defer close(stop)
	factory.Start(stop)
	factory.WaitForCacheSync(stop)
	seen.await("add before")
	made := create(maps, "after")
	seen.await("add after")
	made.Data = map[string]string{"size": "2"}
	_, err = maps.Update(ctx, made, metav1.UpdateOptions{})
	must(err)
	seen.await("update after")
	must(maps.Delete(ctx, "before", metav1.DeleteOptions{}))
	seen.await("delete before")
	seen.await("resync after")
	listed, err := factory.Core().V1().ConfigMaps().Lister().ConfigMaps(namespace).Get("after")
	must(err)
	return append(seen.withoutResyncs(), "cached "+listed.Data["size"])
}

// A watcher that is told a version goes on after it.
func resume(maps typedcorev1.ConfigMapInterface) []string {
	first := create(maps, "resumed-1")
	create(maps, "resumed-2")
	watcher, err := toolswatch.NewRetryWatcherWithContext(ctx, first.ResourceVersion, &cache.ListWatch{
		WatchFunc: func(options metav1.ListOptions) (watch.Interface, error) {
			options.LabelSelector = selector
			return maps.Watch(ctx, options)
		},
	})
	must(err)
	defer watcher.Stop()
	event := <-watcher.ResultChan()
	return []string{string(event.Type), nameOf(event.Object)}
}

func meetForgottenVersion(maps typedcorev1.ConfigMapInterface) string {
	watcher, err := maps.Watch(ctx, metav1.ListOptions{ResourceVersion: "1"})
	if err != nil {
		return describe(err)
	}
	defer watcher.Stop()
	event := <-watcher.ResultChan()
	return fmt.Sprint(event.Type, " ", apierrors.IsResourceExpired(apierrors.FromObject(event.Object)))
}

func patchAllWays(maps typedcorev1.ConfigMapInterface) map[string]any {
	object := create(maps, "patched")
	patch := func(kind types.PatchType, text string) any {
		made, err := maps.Patch(ctx, object.Name, kind, []byte(text), metav1.PatchOptions{})
		if err != nil {
			return describe(err)
		}
		return made.Data
	}
	apply := func(value, manager string, force bool) any {
		wanted := applycorev1.ConfigMap(object.Name, namespace).WithData(map[string]string{"c": value})
		made, err := maps.Apply(ctx, wanted, metav1.ApplyOptions{FieldManager: manager, Force: force})
		if err != nil {
			return describe(err)
		}
		return made.Data
	}
	return map[string]any{
		"1 strategic": patch(types.StrategicMergePatchType, `{"data":{"a":"1","b":"2"}}`),
		"2 merge":     patch(types.MergePatchType, `{"data":{"a":null}}`),
		"3 json":      patch(types.JSONPatchType, `[{"op":"replace","path":"/data/b","value":"3"}]`),
		"4 failed":    patch(types.JSONPatchType, `[{"op":"test","path":"/data/b","value":"9"}]`),
		"5 apply":     apply("4", "anna", false),
		"6 conflict":  apply("5", "ben", false),
		"7 forced":    apply("5", "ben", true),
	}
}

func beRefused(clientset kubernetes.Interface, maps typedcorev1.ConfigMapInterface) []string {
	object := create(maps, "refused")
	_, absent := maps.Get(ctx, "absent", metav1.GetOptions{})
	_, twice := maps.Create(ctx, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "refused"}}, metav1.CreateOptions{})
	changed := object.DeepCopy()
	changed.Data = map[string]string{"a": "b"}
	_, err := maps.Update(ctx, changed, metav1.UpdateOptions{})
	must(err)
	object.Data = map[string]string{"a": "c"}
	_, stale := maps.Update(ctx, object, metav1.UpdateOptions{})
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}}
	_, invalid := clientset.CoreV1().Pods(namespace).Create(ctx, pod, metav1.CreateOptions{})
	other := types.UID("11111111-2222-3333-4444-555555555555")
	uid := maps.Delete(ctx, "refused", metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &other}})
	return []string{
		describe(absent), fmt.Sprint(apierrors.IsNotFound(absent)),
		describe(twice), fmt.Sprint(apierrors.IsAlreadyExists(twice)),
		describe(stale), fmt.Sprint(apierrors.IsConflict(stale)),
		describe(invalid), fmt.Sprint(apierrors.IsInvalid(invalid)),
		fmt.Sprint(apierrors.IsConflict(uid)),
	}
}

func page(maps typedcorev1.ConfigMapInterface) []string {
	names := []string{}
	options := metav1.ListOptions{LabelSelector: selector, Limit: 2}
	for {
		listed, err := maps.List(ctx, options)
		must(err)
		for _, item := range listed.Items {
			names = append(names, item.Name)
		}
		options.Continue = listed.Continue
		if options.Continue == "" {
			return names
		}
		names = append(names, "…")
	}
}

func create(maps typedcorev1.ConfigMapInterface, name string) *corev1.ConfigMap {
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
	made, err := maps.Create(ctx, object, metav1.CreateOptions{})
	must(err)
	return made
}

func describe(err error) string {
	return fmt.Sprint(apierrors.ReasonForError(err), ": ", err)
}

func nameOf(object any) string {
	if gone, isGone := object.(cache.DeletedFinalStateUnknown); isGone {
		object = gone.Obj
	}
	return object.(metav1.Object).GetName()
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// What an informer told, in order.
type log struct {
	mutex sync.Mutex
	lines []string
}

func (seen *log) add(line string) {
	seen.mutex.Lock()
	defer seen.mutex.Unlock()
	seen.lines = append(seen.lines, line)
}

func (seen *log) once(line string) {
	if !seen.has(line) {
		seen.add(line)
	}
}

func (seen *log) has(line string) bool {
	seen.mutex.Lock()
	defer seen.mutex.Unlock()
	for _, each := range seen.lines {
		if each == line {
			return true
		}
	}
	return false
}

func (seen *log) await(line string) {
	for tries := 0; !seen.has(line); tries++ {
		if tries == 1000 {
			must(fmt.Errorf("never seen: %s; only %v", line, seen.lines))
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A resync comes when its second is over, between whatever else there is.
func (seen *log) withoutResyncs() []string {
	seen.mutex.Lock()
	defer seen.mutex.Unlock()
	changes := []string{}
	for _, line := range seen.lines {
		if !strings.HasPrefix(line, "resync ") {
			changes = append(changes, line)
		}
	}
	return changes
}
