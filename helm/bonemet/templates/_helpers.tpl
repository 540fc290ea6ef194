{{/* Names are cut so that the longest, of a service with its suffix, stays a DNS label. */}}
{{- define "bonemet.fullname" -}}
{{- $name := .Release.Name -}}
{{- if not (contains "bonemet" $name) }}{{ $name = printf "%s-bonemet" $name }}{{ end -}}
{{- $name | trunc 34 | trimSuffix "-" -}}
{{- end -}}

{{- define "bonemet.release" -}}
app.kubernetes.io/name: bonemet
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "bonemet.labels" -}}
{{ include "bonemet.release" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{/* An image by its name: (dict "root" $ "name" "gateway") */}}
{{- define "bonemet.image" -}}
{{- $image := .root.Values.image -}}
{{- $path := printf "%s/%s" $image.repository .name -}}
{{- if $image.registry }}{{ $path = printf "%s/%s" $image.registry $path }}{{ end -}}
{{- $digest := get $image.digests .name -}}
{{- if $digest }}{{ printf "%s@%s" $path $digest }}{{ else }}{{ printf "%s:%s" $path ($image.tag | default .root.Chart.AppVersion) }}{{ end -}}
{{- end -}}

{{/* Does anything of this release keep its state on the volume? */}}
{{- define "bonemet.embedded" -}}
{{- if or (eq .Values.storage.documents "Sqlite") (eq .Values.storage.blobs "Folder") }}true{{ end -}}
{{- end -}}

{{- define "bonemet.claim" -}}
{{- .Values.storage.volume.existingClaim | default (printf "%s-data" (include "bonemet.fullname" .)) -}}
{{- end -}}

{{/* Pod Security "restricted", for every pod of the chart. */}}
{{- define "bonemet.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.podSecurity.user }}
runAsGroup: {{ .Values.podSecurity.user }}
fsGroup: {{ .Values.podSecurity.user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "bonemet.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{/* An environment variable out of an existing secret: (list name secret key optional) */}}
{{- define "bonemet.secret" -}}
- name: {{ index . 0 }}
  valueFrom: { secretKeyRef: { name: {{ index . 1 | quote }}, key: {{ index . 2 | quote }}, optional: {{ index . 3 }} } }
{{- end -}}

{{/* The settings of one service, "Section:Key": value, later ones over earlier ones: (dict "root" $ "name" … "service" …) */}}
{{- define "bonemet.settings" -}}
{{- $v := .root.Values -}}
{{- $full := include "bonemet.fullname" .root -}}
{{- $all := dict
  "Http:Bind" "0.0.0.0" "Http:Port" 8080 "Http:GrpcPort" 8081
  "Data:Folder" "/data"
  "Storage:Documents" $v.storage.documents "Storage:Blobs" $v.storage.blobs "Storage:Database" $v.storage.database "Storage:ReserveMiB" $v.storage.reserveMiB
  "Bus:Transport" $v.bus.transport -}}
{{- if eq $v.storage.blobs "S3" -}}
{{- with $v.storage.s3 }}{{ $_ := merge $all (dict "Storage:S3:Bucket" .bucket "Storage:S3:Region" .region "Storage:S3:CacheMiB" .cacheMiB) }}{{ if .serviceUrl }}{{ $_ := set $all "Storage:S3:ServiceUrl" .serviceUrl }}{{ end }}{{ end -}}
{{- end -}}
{{- range $peer, $ports := .service.calls -}}
{{- if has "http" $ports }}{{ $_ := set $all (printf "Services:%s:Http" $peer) (printf "http://%s-%s:8080" $full $peer) }}{{ end -}}
{{- if has "grpc" $ports }}{{ $_ := set $all (printf "Services:%s:Grpc" $peer) (printf "http://%s-%s:8081" $full $peer) }}{{ end -}}
{{- end -}}
{{- if .service.dimse -}}
{{- with $v.dimse -}}
{{- $_ := merge $all (dict "Ingestion:Scp:Bind" "0.0.0.0" "Ingestion:Scp:Port" (ternary .tls.port .port (ne .tls.secret "")) "Ingestion:Scp:AeTitle" .aeTitle "Ingestion:Scp:Site" .site) -}}
{{- range $key, $list := dict "AllowedAeTitles" .allowedAeTitles "AllowedNetworks" .allowedNetworks "Peers" .peers }}{{ range $i, $value := $list }}{{ $_ := set $all (printf "Ingestion:Scp:%s:%d" $key $i) $value }}{{ end }}{{ end -}}
{{- if .tls.secret }}{{ $_ := set $all "Ingestion:Scp:Certificate" "/etc/bonemet/dimse/server.p12" }}{{ if .tls.clientAuthorities }}{{ $_ := set $all "Ingestion:Scp:ClientAuthorities" "/etc/bonemet/dimse/ca.pem" }}{{ end }}{{ end -}}
{{- end -}}
{{- if not (include "bonemet.embedded" .root) }}{{ $_ := set $all "Ingestion:KeyFile" "/etc/bonemet/deidentification/key" }}{{ end -}}
{{- end -}}
{{- if $v.telemetry.otlpEndpoint }}{{ $_ := set $all "OTEL_EXPORTER_OTLP_ENDPOINT" $v.telemetry.otlpEndpoint }}{{ end -}}
{{- range $key, $value := merge (dict) (.service.settings | default dict) ($v.settings | default dict) $all -}}
{{ $key | replace ":" "__" }}: {{ include "bonemet.text" $value | quote }}
{{ end -}}
{{- end -}}

{{/* A value as the services read it; YAML's large whole numbers come as floating point. */}}
{{- define "bonemet.text" -}}
{{- if and (kindIs "float64" .) (eq . (floor .)) }}{{ int64 . }}{{ else }}{{ toString . }}{{ end -}}
{{- end -}}

{{/* What cannot work is said here, before anything is made. */}}
{{- define "bonemet.check" -}}
{{- $v := .Values -}}
{{- $names := list -}}
{{- range $name, $service := $v.services }}{{ if $service.enabled }}{{ $names = append $names $name }}{{ end }}{{ end -}}
{{- if not $names }}{{ fail "services: none is enabled. Name a profile: -f values-allinone.yaml, values-site.yaml or values-centre.yaml." }}{{ end -}}
{{- if and (has "all-in-one" $names) (gt (len $names) 1) }}{{ fail "services: all-in-one holds every service, so no other may be enabled beside it." }}{{ end -}}
{{- if and (eq $v.bus.transport "InMemory") (not (has "all-in-one" $names)) }}{{ fail "bus.transport: InMemory works within one process only; separate services need RabbitMq." }}{{ end -}}
{{- range $name := $names -}}
{{- $service := index $v.services $name -}}
{{- range $peer, $_ := $service.calls }}{{ if not (hasKey $v.services $peer) }}{{ fail (printf "services.%s.calls: there is no service %s." $name $peer) }}{{ end }}{{ end -}}
{{- if and (include "bonemet.embedded" $) (or (gt (int ($service.replicas | default 1)) 1) (dig "autoscaling" "enabled" false $service) (dig "queueScaling" "enabled" false $service)) }}{{ fail (printf "services.%s: more than one replica needs storage.documents MongoDb and storage.blobs S3; the embedded store is one volume on one node." $name) }}{{ end -}}
{{- if and (dig "autoscaling" "enabled" false $service) (dig "queueScaling" "enabled" false $service) }}{{ fail (printf "services.%s: autoscaling and queueScaling both set its replicas; enable one." $name) }}{{ end -}}
{{- end -}}
{{- if and $v.bus.topology.enabled (not $v.dev.rabbitmq.enabled) (not $v.bus.topology.managementUrl) }}{{ fail "bus.topology.managementUrl: must be set, the job applies the topology over RabbitMQ's management API." }}{{ end -}}
{{- if and $v.bus.topology.enabled (eq $v.bus.transport "InMemory") }}{{ fail "bus.topology: the in-memory bus has none." }}{{ end -}}
{{- end -}}

{{/* The service that is open to the outside. */}}
{{- define "bonemet.edge" -}}
{{- include "bonemet.check" . -}}
{{- $edge := "" -}}
{{- range $name, $service := .Values.services }}{{ if and $service.enabled $service.edge }}{{ $edge = $name }}{{ end }}{{ end -}}
{{- $edge | required "services: one that is enabled must have edge: true." -}}
{{- end -}}
