@testable import Model

/// A desired state in which every field is set, so that nothing can be forgotten in comparison and encoding.
enum FullState {
    static let digest = String(repeating: "ab", count: 32)

    static var state: DesiredState {
        DesiredState(plan: plan, secretDigests: ["database": "d1", "mail": "d2"])
    }

    static var plan: ResolvedPlan {
        ResolvedPlan(
            stack: "acme", version: "1.0.0", host: "berlin", size: "small",
            registries: [
                "registry.example.com": RegistryLogin(
                    username: SecretText(source: "acme"), password: SecretText(source: "${secret:registry}"))
            ],
            network: NetworkPlan(subnet: "10.89.7.0/24"),
            containers: ["database": database, "web": web, "jobs": ContainerPlan(image: archive)],
            hotfixes: ["web": image("registry.example.com/acme/web:1.0.0-hf1")],
            maintenance: MaintenancePlan(
                cleanup: .init(schedule: "30 3 * * *", keep: PlanDuration(milliseconds: 86_400_000)),
                healthcheck: .init(schedule: "*/5 * * * *", restartAfter: 2)),
            mail: MailPlan(
                from: "a@example.com", to: ["b@example.com"], smtp: "smtps://mail.example.com:465",
                username: SecretText(source: "vsn"), password: SecretText(source: "${secret:mail}")),
            onFailure: .containerless, drift: .report,
            hostSettings: HostSettings(
                hostname: "vsn1", timezone: "Europe/Berlin", hosts: ["192.0.2.5": ["db.internal"]],
                dns: DNSSettings(servers: ["192.0.2.53"], search: ["acme.example.com"]),
                sysctl: ["vm.max_map_count": "262144"], logs: LogSettings(maximum: ByteCount(bytes: 2 << 30))),
            backup: backup, replaces: "hamburg", formerly: "acme-old", hostKeys: ["ssh-ed25519 AAAC"])
    }

    static var backup: BackupPlan {
        BackupPlan(
            drill: "0 5 * * 0", recipients: ["age1"], signers: ["ssh-ed25519 AAAA"],
            targets: [
                "offsite": BackupTarget(
                    store: .rclone(options: ["type": SecretText(source: "s3")], path: "acme"),
                    lock: .seconds(86_400), bandwidth: ByteCount(bytes: 1 << 20)),
                "share": BackupTarget(store: .directory("/mnt/backup", local: false)),
            ],
            restore: .run("20261121T020000Z"),
            vendor: VendorPlan(
                target: BackupTarget(store: .directory("/mnt/vendor", local: false)), signers: ["ssh-ed25519 AAAB"]),
            shrinkAlert: 40, beforeDeploy: BeforeDeploy(keep: 3))
    }

    static var web: ContainerPlan {
        var web = ContainerPlan(
            image: .reference(image("registry.example.com/acme/web:1.0.0")), entrypoint: ["/start"],
            command: ["serve", "--port", "8443"], environment: ["LOG_LEVEL": SecretText(source: "info")],
            volumes: [
                VolumePlan(
                    source: .data("web"), target: "/data", owner: FileOwner(user: 33, group: 33),
                    mode: FileMode(bits: 0o700), readOnly: false,
                    backup: VolumeBackup(
                        mode: .hook, engine: .tar, dump: ["dump"], load: ["load"], exclude: ["cache"],
                        include: ["site"],
                        timeout: .seconds(7200)), mayBeEmpty: true, formerly: "site", startEmpty: true)
            ],
            files: [FilePlan(source: "files/site.conf", target: "/etc/web/site.conf", contentDigest: digest)],
            secretFiles: [
                SecretFilePlan(
                    secret: "key", target: "/run/key", owner: FileOwner(user: 33, group: 33),
                    mode: FileMode(bits: 0o400))
            ],
            dependsOn: ["database"], ports: ["443:8443"].compactMap(PortMapping.init),
            health: HealthPlan(
                check: .http(HTTPCheck(port: 8443, path: "/healthz", tls: true)), interval: .seconds(5),
                timeout: .seconds(3), retries: 12, startPeriod: .seconds(30)),
            liveness: LivenessPlan(check: .tcp(port: 8443), timeout: .seconds(2)),
            resources: ResourcePlan(memory: ByteCount(bytes: 256 << 20), cpus: 0.5, pids: 100),
            stopTimeout: .seconds(30), init: true, user: "33:33", workingDirectory: "/srv", hostname: "web",
            capabilities: CapabilityPlan(add: ["NET_ADMIN"], drop: ["KILL"]), privileged: false, readOnly: true,
            tmpfs: ["/run"], labels: ["team": "core"])
        web.allowPrivilegeEscalation = true
        web.userns = .private
        web.restartWith = ["database"]
        web.logs = ContainerLogPlan(driver: .file, maximum: ByteCount(bytes: 20 << 20))
        return web
    }

    static var database: ContainerPlan {
        ContainerPlan(
            image: .build(BuildContext(path: "images/database", contentDigest: digest)),
            environment: ["PASSWORD": SecretText(source: "${secret:database}")],
            volumes: [VolumePlan(source: .path("/mnt/share"), target: "/share", readOnly: true)],
            health: HealthPlan(check: .command(["pg_isready"])))
    }

    static var archive: ImageSource {
        .archive(ImageArchive(url: "https://files.example.com/jobs.tar", sha256: digest))
    }

    static func image(_ text: String) -> ImageReference {
        guard let image = ImageReference(text) else { preconditionFailure("bad image in a test: \(text)") }
        return image
    }
}
