/**
 * The API server's internal structs of a Pod's spec (kubernetes pkg/apis/core/types.go): their fields in order, because
 * the text about a forbidden update shows them. `?` may be null, `[]` a list, `=` a value as it is; plain names are zero
 * where they are absent: "" unless a type follows the colon.
 */

const container = `Name Image Command=[] Args=[] WorkingDir Ports:ContainerPort[] EnvFrom:EnvFromSource[] Env:EnvVar[]
	Resources:ResourceRequirements ResizePolicy:ContainerResizePolicy[] RestartPolicy=
	RestartPolicyRules:ContainerRestartRule[] VolumeMounts:VolumeMount[] VolumeDevices:VolumeDevice[]
	LivenessProbe:Probe? ReadinessProbe:Probe? StartupProbe:Probe? Lifecycle:Lifecycle? TerminationMessagePath
	TerminationMessagePolicy ImagePullPolicy SecurityContext:SecurityContext? Stdin:bool StdinOnce:bool TTY:bool`;
const podAffinity = `RequiredDuringSchedulingIgnoredDuringExecution:PodAffinityTerm[]
	PreferredDuringSchedulingIgnoredDuringExecution:WeightedPodAffinityTerm[]`;

export const goStructs: Readonly<Record<string, string>> = {
	PodSpec: `Volumes:Volume[] InitContainers:Container[] Containers:Container[] EphemeralContainers:EphemeralContainer[]
		RestartPolicy TerminationGracePeriodSeconds= ActiveDeadlineSeconds= DNSPolicy NodeSelector= ServiceAccountName
		AutomountServiceAccountToken= NodeName SecurityContext:PodSecurityContext? ImagePullSecrets:LocalObjectReference[]
		Hostname Subdomain SetHostnameAsFQDN= Affinity:Affinity? SchedulerName Tolerations:Toleration[]
		HostAliases:HostAlias[] PriorityClassName Priority= PreemptionPolicy= DNSConfig:PodDNSConfig?
		ReadinessGates:PodReadinessGate[] RuntimeClassName= Overhead:Quantities? EnableServiceLinks=
		TopologySpreadConstraints:TopologySpreadConstraint[] OS:PodOS? SchedulingGates:PodSchedulingGate[]
		ResourceClaims:PodResourceClaim[] Resources:ResourceRequirements? HostnameOverride= WorkloadRef:WorkloadReference?`,
	Container: container,
	EphemeralContainer: `${container} TargetContainerName`,
	Volume: `Name HostPath:HostPath? EmptyDir:EmptyDir? GCEPersistentDisk:Other? AWSElasticBlockStore:Other? GitRepo:Other?
		Secret:SecretVolume? NFS:Nfs? ISCSI:Other? Glusterfs:Other? PersistentVolumeClaim:Claim? RBD:Other? Quobyte:Other?
		FlexVolume:Other? Cinder:Other? CephFS:Other? Flocker:Other? DownwardAPI:DownwardVolume? FC:Other? AzureFile:Other?
		ConfigMap:ConfigMapVolume? VsphereVolume:Other? AzureDisk:Other? PhotonPersistentDisk:Other? Projected:Projected?
		PortworxVolume:Other? ScaleIO:Other? StorageOS:Other? CSI:Csi? Ephemeral:Other? Image:ImageVolume?`,
	HostPath: 'Path Type=',
	EmptyDir: 'Medium SizeLimit:Quantity?',
	SecretVolume: 'SecretName Items:KeyToPath[] DefaultMode= Optional=',
	ConfigMapVolume: 'Name Items:KeyToPath[] DefaultMode= Optional=',
	Nfs: 'Server Path ReadOnly:bool',
	Claim: 'ClaimName ReadOnly:bool',
	DownwardVolume: 'Items:DownwardFile[] DefaultMode=',
	Csi: 'Driver ReadOnly= FSType= VolumeAttributes= NodePublishSecretRef:LocalObjectReference?',
	ImageVolume: 'Reference PullPolicy',
	Projected: 'Sources:Projection[] DefaultMode=',
	Projection: `Secret:KeyProjection? DownwardAPI:DownwardProjection? ConfigMap:KeyProjection?
		ServiceAccountToken:TokenProjection? ClusterTrustBundle:BundleProjection? PodCertificate:Other?`,
	KeyProjection: 'Name Items:KeyToPath[] Optional=',
	DownwardProjection: 'Items:DownwardFile[]',
	TokenProjection: 'Audience ExpirationSeconds:int Path',
	BundleProjection: 'Name= SignerName= LabelSelector= Optional= Path',
	DownwardFile: 'Path FieldRef:FieldRef? ResourceFieldRef:ResourceFieldRef? Mode=',
	KeyToPath: 'Key Path Mode=',
	ContainerPort: 'Name HostPort:int ContainerPort:int Protocol HostIP',
	EnvFromSource: 'Prefix ConfigMapRef:SourceRef? SecretRef:SourceRef?',
	SourceRef: 'Name Optional=',
	EnvVar: 'Name Value ValueFrom:EnvVarSource?',
	EnvVarSource: `FieldRef:FieldRef? ResourceFieldRef:ResourceFieldRef? ConfigMapKeyRef:KeyRef? SecretKeyRef:KeyRef?
		FileKeyRef:FileKeyRef?`,
	FieldRef: 'APIVersion FieldPath',
	ResourceFieldRef: 'ContainerName Resource Divisor:Quantity',
	KeyRef: 'Name Key Optional=',
	FileKeyRef: 'VolumeName Path Key Optional=',
	ResourceRequirements: 'Limits:Quantities? Requests:Quantities? Claims:ResourceClaim[]',
	ResourceClaim: 'Name Request',
	ContainerResizePolicy: 'ResourceName RestartPolicy',
	ContainerRestartRule: 'Action ExitCodes:ExitCodes?',
	ExitCodes: 'Operator Values=[]',
	VolumeMount: 'Name ReadOnly:bool RecursiveReadOnly= MountPath SubPath MountPropagation= SubPathExpr',
	VolumeDevice: 'Name DevicePath',
	Probe: `Exec:Exec? HTTPGet:HttpGet? TCPSocket:TcpSocket? GRPC:Grpc? InitialDelaySeconds:int TimeoutSeconds:int
		PeriodSeconds:int SuccessThreshold:int FailureThreshold:int TerminationGracePeriodSeconds=`,
	Lifecycle: 'PostStart:LifecycleHandler? PreStop:LifecycleHandler? StopSignal=',
	LifecycleHandler: 'Exec:Exec? HTTPGet:HttpGet? TCPSocket:TcpSocket? Sleep:Sleep?',
	Exec: 'Command=[]',
	HttpGet: 'Path Port:port Host Scheme HTTPHeaders:HttpHeader[]',
	HttpHeader: 'Name Value',
	TcpSocket: 'Port:port Host',
	Grpc: 'Port:int Service=',
	Sleep: 'Seconds:int',
	SecurityContext: `Capabilities:Capabilities? Privileged= SELinuxOptions:SELinuxOptions? WindowsOptions:WindowsOptions?
		RunAsUser= RunAsGroup= RunAsNonRoot= ReadOnlyRootFilesystem= AllowPrivilegeEscalation= ProcMount=
		SeccompProfile:Profile? AppArmorProfile:Profile?`,
	Capabilities: 'Add=[] Drop=[]',
	SELinuxOptions: 'User Role Type Level',
	WindowsOptions: 'GMSACredentialSpecName= GMSACredentialSpec= RunAsUserName= HostProcess=',
	Profile: 'Type LocalhostProfile=',
	PodSecurityContext: `HostNetwork:bool HostPID:bool HostIPC:bool ShareProcessNamespace= HostUsers=
		SELinuxOptions:SELinuxOptions? WindowsOptions:WindowsOptions? RunAsUser= RunAsGroup= RunAsNonRoot=
		SupplementalGroups=[] SupplementalGroupsPolicy= FSGroup= FSGroupChangePolicy= Sysctls:Sysctl[]
		SeccompProfile:Profile? AppArmorProfile:Profile? SELinuxChangePolicy=`,
	Sysctl: 'Name Value',
	LocalObjectReference: 'Name',
	Affinity: 'NodeAffinity:NodeAffinity? PodAffinity:PodAffinity? PodAntiAffinity:PodAffinity?',
	NodeAffinity: `RequiredDuringSchedulingIgnoredDuringExecution:NodeSelector?
		PreferredDuringSchedulingIgnoredDuringExecution:PreferredTerm[]`,
	NodeSelector: 'NodeSelectorTerms:NodeTerm[]',
	NodeTerm: 'MatchExpressions:NodeRequirement[] MatchFields:NodeRequirement[]',
	NodeRequirement: 'Key Operator Values=[]',
	PreferredTerm: 'Weight:int Preference:NodeTerm',
	PodAffinity: podAffinity,
	WeightedPodAffinityTerm: 'Weight:int PodAffinityTerm:PodAffinityTerm',
	PodAffinityTerm: `LabelSelector= Namespaces=[] TopologyKey NamespaceSelector= MatchLabelKeys=[] MismatchLabelKeys=[]`,
	Toleration: 'Key Operator Value Effect TolerationSeconds=',
	HostAlias: 'IP Hostnames=[]',
	PodDNSConfig: 'Nameservers=[] Searches=[] Options:DnsOption[]',
	DnsOption: 'Name Value=',
	PodReadinessGate: 'ConditionType',
	PodSchedulingGate: 'Name',
	TopologySpreadConstraint: `MaxSkew:int TopologyKey WhenUnsatisfiable LabelSelector= MinDomains= NodeAffinityPolicy=
		NodeTaintsPolicy= MatchLabelKeys=[]`,
	PodOS: 'Name',
	PodResourceClaim: 'Name ResourceClaimName= ResourceClaimTemplateName=',
	WorkloadReference: 'Name PodGroup PodGroupReplicaKey',
};
