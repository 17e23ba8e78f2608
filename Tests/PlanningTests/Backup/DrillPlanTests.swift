import Testing

@testable import Model

@Suite("J10: a drill's plan reaches nothing outside of it")
struct DrillPlanTests {
    private func container(_ change: (inout ContainerPlan) -> Void = { _ in }) throws -> ContainerPlan {
        var container = ContainerPlan(
            image: .reference(try #require(ImageReference("registry.example.com/acme/web:1.0.0"))))
        change(&container)
        return container
    }

    private func drill(_ containers: [String: ContainerPlan], avoiding taken: [Subnet] = []) -> DrillPlan {
        var plan = ResolvedPlan(
            stack: "acme", version: "1.0.0", host: "vsn1", network: NetworkPlan(subnet: "10.89.7.0/24"),
            containers: containers)
        plan.maintenance = MaintenancePlan(cleanup: .init(schedule: "30 3 * * *", keep: .seconds(1)))
        plan.mail = MailPlan(from: "a@example.com", to: ["b@example.com"], smtp: "smtps://mail.example.com:465")
        plan.hostSettings = HostSettings(hostname: "vsn1")
        plan.registries = ["registry.example.com": .init(username: .init(source: "u"), password: .init(source: "p"))]
        plan.backup = BackupPlan(
            recipients: [], targets: ["a": BackupTarget(store: .directory("/m", local: true))], restore: .never)
        return DrillPlan(of: plan, avoiding: taken)
    }

    @Test("it has another name, no mail, no cron jobs, no host settings, and takes the newest run")
    func stack() throws {
        let plan = drill(["web": try container()]).plan
        #expect(plan.stack == "fairlead-drill-acme")
        #expect(plan.hostName(of: "web") == "fairlead-drill-acme-web")
        #expect(plan.maintenance == nil && plan.mail == nil && plan.hostSettings == nil && plan.registries.isEmpty)
        #expect(plan.backup?.restore == .newest)
        #expect(plan.containers["web"]?.environment == ["FAIRLEAD_STACK": SecretText(source: "acme")])
    }

    @Test("its containers publish no port, carry no label, and have no power over the host")
    func powers() throws {
        let drill = drill([
            "web": try container {
                $0.ports = [PortMapping("443:8443")].compactMap(\.self)
                $0.labels = ["proxy.enable": "true"]
                $0.privileged = true
                $0.capabilities = CapabilityPlan(add: ["NET_ADMIN", "IPC_LOCK", "ALL"], drop: ["CHOWN"])
                $0.health = HealthPlan(check: .tcp(port: 8443), retries: 4)
                $0.environment = ["FAIRLEAD_STACK": SecretText(source: "own")]
                $0.userns = .private
            }
        ])
        let web = try #require(drill.plan.containers["web"])
        #expect(web.health?.retries == 8)
        #expect(web.userns == .private)
        #expect(web.ports.isEmpty && web.labels.isEmpty && !web.privileged)
        #expect(web.capabilities == CapabilityPlan(add: ["IPC_LOCK"], drop: ["CHOWN"]))
        #expect(web.environment == ["FAIRLEAD_STACK": SecretText(source: "own")])
        #expect(
            drill.notes == [
                "container 'web': it is not privileged in a drill",
                "container 'web': it has no NET_ADMIN, ALL in a drill",
            ])
    }

    @Test("what a drill changes of a container is listed, so that no later key is lost unseen")
    func differences() throws {
        func values(_ container: ContainerPlan) -> [String: String] {
            Mirror(reflecting: container).children.reduce(into: [:]) { $0[$1.label ?? ""] = "\($1.value)" }
        }
        let deployed = values(FullState.web)
        let drilled = values(try #require(drill(["web": FullState.web]).plan.containers["web"]))
        #expect(
            Set(deployed.filter { drilled[$0.key] != $0.value }.keys) == [
                "capabilities", "environment", "health", "labels", "liveness", "ports", "restartWith",
            ])
    }

    @Test("the lines of its containers are not among those of the running stack in systemd's journal")
    func logs() throws {
        func drilled(_ logs: ContainerLogPlan?) throws -> ContainerLogPlan? {
            drill(["web": try container { $0.logs = logs }]).plan.containers["web"]?.logs
        }
        #expect(try drilled(nil) == ContainerLogPlan(driver: .file))
        #expect(try drilled(ContainerLogPlan(driver: .journald)) == ContainerLogPlan(driver: .file))
        let file = ContainerLogPlan(driver: .file, maximum: ByteCount(bytes: 1 << 20))
        #expect(try drilled(file) == file)
        #expect(try drilled(ContainerLogPlan(driver: .none)) == ContainerLogPlan(driver: .none))
    }

    @Test(
        "directories of the host are mounted for reading only, and not at all where sockets and devices are",
        arguments: [
            ("/etc/ssl/acme", true), ("/running", true), ("/run", false), ("/run/podman/", false),
            ("/var/run/docker", false), ("//dev", false), ("/proc", false), ("/", false), ("/etc/../run", false),
        ])
    func paths(path: String, isMounted: Bool) throws {
        let drill = drill([
            "web": try container {
                $0.volumes = [
                    VolumePlan(source: .data("site"), target: "/data"),
                    VolumePlan(source: .path(path), target: "/host"),
                ]
            }
        ])
        let web = try #require(drill.plan.containers["web"])
        let data = VolumePlan(source: .data("site"), target: "/data")
        let mounted = VolumePlan(source: .path(path), target: "/host", readOnly: true)
        #expect(web.volumes == (isMounted ? [data, mounted] : [data]))
        #expect(web.tmpfs == (isMounted ? [] : ["/host"]))
        #expect(drill.notes.count == 1)
    }

    @Test("its containers find each other on a network that overlaps with none that is there")
    func addresses() throws {
        let first = drill(["web": try container(), "database": try container()])
        #expect(first.plan.network.subnet == "198.18.0.0/24")
        #expect(first.addresses == ["database": "198.18.0.2", "web": "198.18.0.3"])
        #expect(first.hosts["acme-web"] == "198.18.0.3" && first.hosts["web"] == "198.18.0.3")
        let taken = ["198.18.0.0/23", "10.0.0.0/8"].compactMap(Subnet.init)
        #expect(drill(["web": try container()], avoiding: taken).addresses == ["web": "198.18.2.2"])
    }
}
