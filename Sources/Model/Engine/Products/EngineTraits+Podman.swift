extension EngineTraits {
    static let podman = EngineTraits(
        name: "Podman",
        program: Program(
            name: "podman", address: "CONTAINER_HOST", needsService: false,
            // It would take two bytes for the keys that leave a terminal.
            plainInput: ["--detach-keys="], needsPackages: true),
        service: Service(socket: "/run/podman/podman.sock", unit: "podman", isDaemon: false),
        storage: "/var/lib/containers/storage",
        imageStore: ImageStore(transport: "containers-storage", keepsManifests: true),
        initProgram: Helper(
            name: "catatonit",
            directories: ["/usr/libexec/podman", "/usr/lib/podman", "/usr/local/libexec/podman"]),
        nameServer: Helper(
            name: "aardvark-dns",
            directories: [
                "/usr/lib/podman", "/usr/libexec/podman", "/usr/local/lib/podman", "/usr/local/libexec/podman",
            ]),
        monitors: ["conmon"],
        commandMonitor: CommandMonitor(name: "conmon", description: "--exec-process-spec"),
        networks: Networks(
            reservedNames: [
                "bridge", "container", "default", "host", "none", "ns", "pasta", "podman", "private", "slirp4netns",
            ],
            interfaces: ["podman", "cni"], numberedBridges: nil, chains: ["NETAVARK", "netavark", "CNI-"],
            ownersChains: ["CNI-ADMIN"], leadsByProgram: false, mayLieElsewhere: false, rewritesRules: true),
        // 'podman auto-update' brings another image and restarts a unit of the host.
        toolLabels: ["PODMAN_SYSTEMD_UNIT", "io.containers."],
        leavesLogsToGrow: true,
        testedSince: [4, 3],
        buildHoles: BuildHoles(fixedIn: [5, 2, 4], names: "CVE-2024-1753, CVE-2024-9675"),
        isolatesBuilds: true,
        slowReboot: SlowReboot(versions: "4.", dropIns: ["libpod-.scope.d", "podman-restart.service.d"]))
}
