{{- define "claimwire.name" -}}
{{- if contains "claimwire" .Release.Name }}{{ .Release.Name | trunc 52 | trimSuffix "-" }}{{ else }}{{ printf "%s-claimwire" .Release.Name | trunc 52 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "claimwire.selector" -}}
app.kubernetes.io/name: claimwire
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "claimwire.labels" -}}
{{ include "claimwire.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "claimwire.image" -}}
{{- if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "claimwire.tokenSecret" -}}
{{- if .Values.web.tokenSecret.name }}{{ toYaml .Values.web.tokenSecret }}{{ else }}name: {{ include "claimwire.name" . }}-web
key: token{{ end }}
{{- end }}

{{- /* The environment of every container: the token, and the settings whose values are in Secrets. */ -}}
{{- define "claimwire.environment" -}}
- name: CLAIMWIRE_CONFIG
  value: /etc/claimwire/claimwire.toml
- name: CLAIMWIRE_WEB_TOKEN
  valueFrom:
    secretKeyRef: {{- include "claimwire.tokenSecret" . | nindent 6 }}
{{- range $setting, $at := .Values.secretSettings }}
- name: CLAIMWIRE_{{ $setting | upper }}
  valueFrom:
    secretKeyRef: {name: {{ $at.name }}, key: {{ $at.key }}}
{{- end }}
{{- end }}

{{- define "claimwire.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "claimwire.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "claimwire.mounts" -}}
- {name: config, mountPath: /etc/claimwire, readOnly: true}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- range .Values.mounts }}
- {name: {{ .name }}, mountPath: {{ .mountPath }}, readOnly: true}
{{- end }}
{{- end }}

{{- define "claimwire.volumes" -}}
- name: config
  configMap: {name: {{ include "claimwire.name" . }}}
- name: tmp
  emptyDir: {}
{{- range .Values.mounts }}
- name: {{ .name }}
  {{- if .secret }}
  secret: {secretName: {{ .secret }}, defaultMode: 288}
  {{- else }}
  configMap: {name: {{ .configMap }}}
  {{- end }}
{{- end }}
{{- end }}
