#!/bin/sh
# Installs BoneMetPlatform from this folder, without internet: checks the archive, loads the images, and hands the chart to Helm.
set -eu
here="$(cd "$(dirname "$0")" && pwd)"

usage() {
  cat <<'TEXT'
install.sh [--check | --load] [--profile allinone|site|centre] [--namespace NAME] [HELM ARGUMENTS]

  --check       only compare every file with SHA256SUMS
  --load        load the images into this machine's container store, then stop (on every node, unless the cluster has a registry)
  --profile     which installation (default site); further arguments, such as -f my-values.yaml, go to helm
  --namespace   default bonemet; it and the secrets of `helm show readme` or docs/operations.md must exist

Images are loaded by the first of these that is here: k3s, ctr (containerd, namespace k8s.io), podman, docker.
TEXT
}

profile=site namespace=bonemet stop=""
while [ $# -gt 0 ]; do
  case "$1" in
    --help|-h) usage; exit 0 ;;
    --check|--load) stop="$1"; shift ;;
    --profile) profile="$2"; shift 2 ;;
    --namespace) namespace="$2"; shift 2 ;;
    *) break ;;
  esac
done

(cd "$here" && sha256sum --quiet --check SHA256SUMS) || { echo "install.sh: the archive is damaged: nothing was installed" >&2; exit 2; }
echo "checksums: all files are as they were packed"
[ "$stop" != --check ] || exit 0

load() {
  if command -v k3s >/dev/null; then gunzip -c "$here/images.tar.gz" | k3s ctr images import -
  elif command -v ctr >/dev/null; then gunzip -c "$here/images.tar.gz" | ctr --namespace k8s.io images import -
  elif command -v podman >/dev/null; then gunzip -c "$here/images.tar.gz" | podman load --quiet
  elif command -v docker >/dev/null; then gunzip -c "$here/images.tar.gz" | docker load --quiet
  else echo "install.sh: none of k3s, ctr, podman, docker is here to load the images" >&2; exit 2; fi
}
load
[ "$stop" != --load ] || exit 0

values="$here/values-$profile.yaml"
[ -f "$values" ] || { echo "install.sh: there is no profile '$profile'" >&2; exit 2; }
command -v helm >/dev/null || { echo "install.sh: helm is not here; the images are loaded, the chart is in $here" >&2; exit 2; }
# The images carry the name `localhost/bonemet/…`, which no kubelet tries to pull.
exec helm upgrade --install bonemet "$here"/bonemet-chart-*.tgz --namespace "$namespace" --values "$values" --set image.registry=localhost --wait --timeout 10m "$@"
