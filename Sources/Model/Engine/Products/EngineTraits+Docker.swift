extension EngineTraits {
    static let docker = EngineTraits(
        name: "Docker",
        program: Program(
            name: "docker", address: "DOCKER_HOST", needsService: true, plainInput: [], needsPackages: false),
        service: Service(socket: "/run/docker.sock", unit: "docker", isDaemon: true),
        storage: "/var/lib/docker",
        imageStore: ImageStore(transport: "docker-daemon", keepsManifests: false),
        initProgram: Helper(name: "docker-init", directories: ["/usr/libexec/docker"]),
        nameServer: nil,
        monitors: ["containerd-shim"],
        // It is the one of the container.
        commandMonitor: nil,
        networks: Networks(
            reservedNames: ["bridge", "container", "default", "host", "none"],
            interfaces: ["docker"], numberedBridges: NumberedBridges(prefix: "br-", digits: 12), chains: ["DOCKER"],
            ownersChains: ["DOCKER-USER"], leadsByProgram: true, mayLieElsewhere: true, rewritesRules: false),
        toolLabels: [],
        leavesLogsToGrow: false,
        testedSince: nil,
        buildHoles: nil,
        isolatesBuilds: false,
        slowReboot: nil)
}
