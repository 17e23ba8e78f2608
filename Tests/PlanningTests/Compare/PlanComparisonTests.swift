import Testing

@testable import Model
@testable import Planning

@Suite("What differs between two plans, in words for people")
struct PlanComparisonTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let words: [String]
        let change: @Sendable (inout ResolvedPlan) -> Void

        init(_ words: String..., change: @escaping @Sendable (inout ResolvedPlan) -> Void) {
            self.words = words
            self.change = change
        }

        var testDescription: String { words.joined(separator: ", ") }
    }

    private func words(from old: DesiredState, to new: DesiredState) -> [String] {
        PlanComparison.changes(from: old, to: new).map(\.description)
    }

    private static func web(_ change: (inout ContainerPlan) -> Void, of plan: inout ResolvedPlan) {
        change(&plan.containers["web", default: FullState.web])
    }

    private static let images = [
        Case("web: image 1.0.0 -> 1.1.0") {
            $0.containers["web"]?.image = .reference(FullState.image("registry.example.com/acme/web:1.1.0"))
        },
        Case("web: image registry.example.com/acme/web:1.0.0 -> localhost/web:1.0.0") {
            $0.containers["web"]?.image = .reference(FullState.image("localhost/web:1.0.0"))
        },
        Case(
            "web: image registry.example.com/acme/web:1.0.0 -> registry.example.com/acme/web:1.0.0@sha256:"
                + FullState.digest
        ) {
            $0.containers["web"]?.image = .reference(
                FullState.image("registry.example.com/acme/web:1.0.0@sha256:\(FullState.digest)"))
        },
        Case("web: image registry.example.com/acme/web:1.0.0 -> build 'images/web'") {
            $0.containers["web"]?.image = .build(BuildContext(path: "images/web", contentDigest: ""))
        },
        Case("database: build context 'images/database' changed") {
            $0.containers["database"]?.image = .build(BuildContext(path: "images/database", contentDigest: "other"))
        },
        Case("jobs: image archive 'https://files.example.com/jobs.tar' sha256 abababababab -> cdcdcdcdcdcd") {
            $0.containers["jobs"]?.image = .archive(
                ImageArchive(
                    url: "https://files.example.com/jobs.tar", sha256: String(repeating: "cd", count: 32)))
        },
        Case("web: hotfix removed") { $0.hotfixes = [:] },
        Case("web: hotfix image 1.0.0-hf1 -> 1.0.0-hf2") {
            $0.hotfixes["web"] = FullState.image("registry.example.com/acme/web:1.0.0-hf2")
        },
        Case("jobs: hotfix image localhost/jobs:2") { $0.hotfixes["jobs"] = FullState.image("localhost/jobs:2") },
    ]

    private static let containers = [
        Case("jobs: container removed") { $0.containers["jobs"] = nil },
        Case("api: container added") { $0.containers["api"] = FullState.web },
        Case("web: memory 256 MiB -> 512 MiB") { $0.containers["web"]?.resources.memory = ByteCount(bytes: 512 << 20) },
        Case("web: memory 256 MiB -> unlimited", "web: cpus 0.5 -> 2", "web: pids 100 -> 50") {
            $0.containers["web"]?.resources = ResourcePlan(memory: nil, cpus: 2, pids: 50)
        },
        Case("web: environment LOG_LEVEL 'info' -> 'debug'") {
            $0.containers["web"]?.environment["LOG_LEVEL"] = SecretText(source: "debug")
        },
        Case("web: environment LOG_LEVEL 'info' -> '${secret:level}'", "web: environment TEXT 'a\\nb' added") {
            $0.containers["web"]?.environment = [
                "LOG_LEVEL": SecretText(source: "${secret:level}"), "TEXT": SecretText(source: "a\nb"),
            ]
        },
        Case("web: environment LOG_LEVEL removed") { $0.containers["web"]?.environment = [:] },
        Case("web: file '/etc/web/site.conf' changed") { $0.containers["web"]?.files[0].contentDigest = "other" },
        Case("web: file '/etc/web/site.conf' source 'files/site.conf' -> 'files/new.conf'") {
            $0.containers["web"]?.files[0].source = "files/new.conf"
        },
        Case("web: file '/etc/web/site.conf' removed", "web: file '/etc/x' added") {
            $0.containers["web"]?.files[0].target = "/etc/x"
        },
        Case("web: secret file '/run/key' 'key' -> 'other'", "web: secret file '/run/key' mode 0400 -> default") {
            $0.containers["web"]?.secretFiles[0].secret = "other"
            $0.containers["web"]?.secretFiles[0].mode = nil
        },
        Case("web: volume '/data' data 'web' -> path '/srv'", "web: volume '/data' readOnly false -> true") {
            $0.containers["web"]?.volumes[0].source = .path("/srv")
            $0.containers["web"]?.volumes[0].readOnly = true
        },
        Case(
            "web: volume '/data' data 'web' -> release file 'docs'", "web: volume '/data' readOnly false -> true"
        ) {
            $0.containers["web"]?.volumes[0].source = .release("docs")
            $0.containers["web"]?.volumes[0].readOnly = true
        },
        Case("web: volume '/data' owner 33:33 -> 0:0") {
            $0.containers["web"]?.volumes[0].owner = FileOwner(user: 0, group: 0)
        },
        Case("web: port 80:80 added") { $0.containers["web"]?.ports += ["80:80"].compactMap(PortMapping.init) },
        Case("web: port 443:8443 removed") { $0.containers["web"]?.ports = [] },
        Case("web: dependency on jobs added", "web: dependency on database removed") {
            $0.containers["web"]?.dependsOn = ["jobs"]
        },
        Case("web: restart with database removed") { $0.containers["web"]?.restartWith = nil },
        Case("web: health check https port 8443 '/healthz' removed") { $0.containers["web"]?.health = nil },
        Case("jobs: health check tcp port 80 added") {
            $0.containers["jobs"]?.health = HealthPlan(check: .tcp(port: 80))
        },
        Case("web: health check https port 8443 '/healthz' -> command 'true'", "web: health retries 12 -> 3") {
            $0.containers["web"]?.health?.check = .command(["true"])
            $0.containers["web"]?.health?.retries = 3
        },
        Case("web: logs file of at most 20 MiB -> journald") {
            $0.containers["web"]?.logs = ContainerLogPlan(driver: .journald)
        },
        Case("web: logs file of at most 20 MiB -> default") { $0.containers["web"]?.logs = nil },
        Case("web: stopTimeout 30s -> 1m") { $0.containers["web"]?.stopTimeout = .seconds(60) },
        Case("web: capability NET_ADMIN removed", "web: drop of capability ALL added") {
            $0.containers["web"]?.capabilities = CapabilityPlan(add: [], drop: ["KILL", "ALL"])
        },
        Case("web: label team 'core' -> 'edge'") { $0.containers["web"]?.labels["team"] = "edge" },
        Case("web: init true -> false", "web: privileged false -> true") {
            $0.containers["web"]?.`init` = false
            $0.containers["web"]?.privileged = true
        },
        Case("web: user '33:33' removed", "web: workingDirectory '/srv' -> '/app'") {
            $0.containers["web"]?.user = nil
            $0.containers["web"]?.workingDirectory = "/app"
        },
        Case(#"web: command ["serve","--port","8443"] -> ["serve"]"#) { $0.containers["web"]?.command = ["serve"] },
    ]

    private static let stack = [
        Case("stack: version 1.0.0 -> 1.1.0") { $0.version = "1.1.0" },
        Case("stack: size small -> none") { $0.size = nil },
        Case("stack: host berlin -> bonn") { $0.host = "bonn" },
        Case("stack: subnet 10.89.7.0/24 -> any") { $0.network = NetworkPlan() },
        Case("stack: onFailure containerless -> previous") { $0.onFailure = .previous },
        Case("stack: login to registry 'registry.example.com' changed") {
            $0.registries["registry.example.com"]?.username = SecretText(source: "other")
        },
        Case("stack: maintenance.cleanup.keep '1d' -> '14d'") {
            $0.maintenance?.cleanup?.keep = PlanDuration(milliseconds: 14 * 86_400_000)
        },
        Case("stack: mail.password '${secret:mail}' -> '${secret:smtp}'") {
            $0.mail?.password = SecretText(source: "${secret:smtp}")
        },
    ]

    private static let host = [
        Case("stack: host name 'vsn1' -> 'vsn2'", "stack: time zone 'Europe/Berlin' -> 'Etc/UTC'") {
            $0.hostSettings?.hostname = "vsn2"
            $0.hostSettings?.timezone = "Etc/UTC"
        },
        Case("stack: host entry 192.0.2.5 'db.internal' -> 'db'", "stack: host entry 192.0.2.6 'mq' added") {
            $0.hostSettings?.hosts = ["192.0.2.5": ["db"], "192.0.2.6": ["mq"]]
        },
        Case(
            "stack: name servers '192.0.2.53' -> '192.0.2.54 192.0.2.53'",
            "stack: search domains 'acme.example.com' removed"
        ) {
            $0.hostSettings?.dns = DNSSettings(servers: ["192.0.2.54", "192.0.2.53"])
        },
        Case(
            "stack: kernel parameter vm.max_map_count '262144' removed",
            "stack: kernel parameter vm.swappiness '10' added"
        ) {
            $0.hostSettings?.sysctl = ["vm.swappiness": "10"]
        },
        Case("stack: limit of systemd's journal '2GiB' -> '3GiB'") {
            $0.hostSettings?.logs?.maximum = ByteCount(bytes: 3 << 30)
        },
        Case(
            "stack: host name 'vsn1' removed", "stack: time zone 'Europe/Berlin' removed",
            "stack: host entry 192.0.2.5 'db.internal' removed", "stack: name servers '192.0.2.53' removed",
            "stack: search domains 'acme.example.com' removed",
            "stack: kernel parameter vm.max_map_count '262144' removed",
            "stack: limit of systemd's journal '2GiB' removed"
        ) {
            $0.hostSettings = nil
        },
    ]

    @Test("each difference has its words", arguments: images + containers + stack + host)
    func words(_ example: Case) {
        var plan = FullState.plan
        example.change(&plan)
        #expect(
            words(from: FullState.state, to: DesiredState(plan: plan, secretDigests: FullState.state.secretDigests))
                == example.words)
    }

    @Test("equal states have no changes; a rotated secret is one, without its value (S6)")
    func secrets() {
        var rotated = FullState.state
        #expect(words(from: FullState.state, to: rotated) == [])
        rotated.secretDigests = ["mail": "d3", "new": "d4"]
        #expect(
            words(from: FullState.state, to: rotated) == [
                "secret 'database' removed", "secret 'mail' changed", "secret 'new' added",
            ])
    }

    @Test("a new installation adds every container and every setting of the host")
    func installation() {
        let changes = PlanComparison.changes(from: nil, to: FullState.state)
        #expect(
            changes.map(\.description) == [
                "stack: host name 'vsn1' added", "stack: time zone 'Europe/Berlin' added",
                "stack: host entry 192.0.2.5 'db.internal' added", "stack: name servers '192.0.2.53' added",
                "stack: search domains 'acme.example.com' added",
                "stack: kernel parameter vm.max_map_count '262144' added",
                "stack: limit of systemd's journal '2GiB' added",
                "database: container added", "jobs: container added", "web: container added",
            ])
        #expect(changes.allSatisfy { $0.kind == .added })
    }

    @Test("a long value is shortened, and two that then look alike are not shown")
    func longValues() {
        var old = FullState.state
        var new = old
        let long = String(repeating: "x", count: 200)
        old.plan.containers["web"]?.environment["LOG_LEVEL"] = SecretText(source: long + "a")
        new.plan.containers["web"]?.environment["LOG_LEVEL"] = SecretText(source: long + "b")
        #expect(words(from: old, to: new) == ["web: environment LOG_LEVEL changed"])
        #expect(words(from: FullState.state, to: new).allSatisfy { $0.count < 200 })
    }

    @Test("only a difference in hotfixes alone replaces single containers (S2)")
    func onlyHotfixes() {
        let state = FullState.state
        var hotfixed = state
        hotfixed.plan.hotfixes = ["jobs": FullState.image("localhost/jobs:2")]
        #expect(PlanComparison.replacedContainers(from: state, to: hotfixed) == ["jobs", "web"])
        #expect(PlanComparison.replacedContainers(from: state, to: state) == nil)
        #expect(PlanComparison.replacedContainers(from: nil, to: state) == nil)
        var rotated = hotfixed
        rotated.secretDigests["database"] = "other"
        #expect(PlanComparison.replacedContainers(from: state, to: rotated) == nil)
        hotfixed.plan.version = "2"
        #expect(PlanComparison.replacedContainers(from: state, to: hotfixed) == nil)
    }

    @Test("cron jobs, mail and host settings change without a container being replaced")
    func hostSide() {
        let state = FullState.state
        var new = state
        new.plan.maintenance = nil
        new.plan.mail?.to = ["c@example.com"]
        new.plan.drift = .repair
        new.plan.onFailure = .previous
        new.plan.hostSettings?.hostname = "vsn2"
        new.secretDigests["mail"] = "other"
        #expect(PlanComparison.replacedContainers(from: state, to: new) == [])
        new.plan.hostSettings?.timezone = "Europe/Paris"
        #expect(PlanComparison.replacedContainers(from: state, to: new) == nil)
    }
}
