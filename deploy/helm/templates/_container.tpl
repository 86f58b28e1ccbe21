{{- define "labels" -}}
app.kubernetes.io/name: marketplace
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end }}

{{- define "pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: { type: RuntimeDefault }
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "confined" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{- define "env" -}}
{{- $said := merge (dict) (.process.env | default dict) .root.Values.env (dict "MARKETPLACE_BROKERS" .root.Values.brokers) -}}
{{- with .root.Values.registryUrl }}{{ $_ := set $said "MARKETPLACE_REGISTRY_URL" . }}{{ end -}}
- { name: MARKETPLACE_LOG, value: json }
- { name: MARKETPLACE_SIGN_FILE, value: /tmp/sign }
- name: MARKETPLACE_DATABASE_URL
  valueFrom: { secretKeyRef: { name: {{ .root.Values.secret }}, key: database-url{{ if and .user .root.Values.databaseUsers }}-{{ .name }}{{ end }} } }
{{- if .process.broker }}
- name: MARKETPLACE_BROKER_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .root.Values.secret }}, key: {{ .process.brokerPassword | default "broker-password" }}, optional: true } }
{{- if not .root.Values.registryUrl }}
- name: MARKETPLACE_REGISTRY_URL
  valueFrom: { secretKeyRef: { name: {{ .root.Values.secret }}, key: registry-url } }
{{- end }}
{{- end }}
{{- if .process.signing }}
- { name: MARKETPLACE_SIGNING_KEYS_FILE, value: /keys/signing/keys }
{{- end }}
{{- range $name, $key := .process.secretEnv }}
- name: {{ $name }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.secret }}, key: {{ $key }}, optional: true } }
{{- end }}
{{- range $name, $value := $said }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "mounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .process.signing }}
- { name: signing, mountPath: /keys/signing, readOnly: true }
{{- end }}
{{- if .root.Values.files }}
- { name: files, mountPath: /keys/files, readOnly: true }
{{- end }}
{{- end }}

{{- define "volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: {{ .process.tmp | default "64Mi" }} }
{{- if .process.signing }}
- name: signing
  secret: { secretName: {{ .root.Values.secret }}, defaultMode: 0440, items: [{ key: signing-keys, path: keys }] }
{{- end }}
{{- with .root.Values.files }}
- name: files
  secret: { secretName: {{ . }}, defaultMode: 0440 }
{{- end }}
{{- end }}
