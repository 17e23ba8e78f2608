import Foundation
import HostSupport
import Model
import Processes
import TestSupport
import Testing

@testable import Jobs

/// A stack of real containers and the health-check job that looks after it; no Fairlead anywhere near.
struct HealthJobBench {
    let jobs: JobBench
    /// Of the engine's program.
    let environment: [String: String]
    let stack: String
    var product = EngineProduct.podman
    /// The path or the name of its program.
    var engine = "podman"
    var path = TestProgram.path
    var plan: ResolvedPlan
    var limits = HealthSettings.EngineLimits()

    init(stack: String, environment: [String: String]) throws {
        jobs = try JobBench()
        self.environment = environment
        self.stack = stack
        plan = ResolvedPlan(stack: stack, version: "3.43.2", host: "vsn1", containers: [:])
    }

    /// A Podman with a network for the stack and the test image, `web:1`.
    static func with(_ body: (HealthJobBench, PodmanSandbox) async throws -> Void) async throws {
        try await PodmanSandbox.with { sandbox in
            try await sandbox.load(PodmanTestImage(), as: "web:1")
            try await sandbox.podman("network", "create", "--subnet", sandbox.subnet, sandbox.id)
            // Podman gives the networks of two storages the same bridge, and the first that goes takes it along.
            let file = "\(sandbox.root)/networks/\(sandbox.id).json"
            let network = try content(file).replacing(/"podman[0-9]+"/, with: "\"h\(sandbox.id)\"")
            try Data(network.utf8).write(to: URL(filePath: file))
            let environment = sandbox.environment.filter { $0.key.hasPrefix("CONTAINERS_") }
            try await body(HealthJobBench(stack: sandbox.id, environment: environment), sandbox)
        }
    }

    /// The mail queue's part, as far as a health check knows it: one file for each mail, subject first.
    private static let mailbox = """
        queue_mail() {
            mkdir -p "$STATE_DIRECTORY/mail"
            { printf '%s\\n\\n' "$1" && cat; } >"$STATE_DIRECTORY/mail/${EPOCHREALTIME//[^0-9]/}.eml"
        }
        start_sending() { touch "$STATE_DIRECTORY/mail/sending"; }
        """

    /// Runs the job once, as cron would.
    @discardableResult
    func run(_ job: MaintenancePlan.HealthCheck = .init(schedule: "* * * * *")) async throws -> CommandResult {
        try await jobs.run(try script(job))
    }

    func script(_ job: MaintenancePlan.HealthCheck = .init(schedule: "* * * * *")) throws -> String {
        let origin = try JobScript.Origin.test()
        var settings = JobSettings()
        settings.set("JOB_PATH", path)
        settings.set("STATE_DIRECTORY", jobs.state)
        settings.set("RUNTIME_DIRECTORY", jobs.fixture.configuration.runtimeDirectory)
        settings.set("LOG_DIRECTORY", "\(jobs.root)/log")
        settings.set(engine: EngineProgram(of: product, name: engine, environment: environment))
        let health = HealthSettings(
            plan: plan, job: job, commit: origin.commit, deployment: origin.deployment,
            stackDirectory: dataDirectory, limits: limits)
        let script = JobScript(
            settings: health.over(settings), parts: [Array(Self.mailbox.utf8)] + HealthSettings.parts)
        return try jobs.fixture.scratch.write(script.text(from: origin), to: "state/jobs/health-check")
    }

    /// Of the stack.
    var dataDirectory: String { "\(jobs.root)/data" }

    /// One line for people, as `fairlead status` shows it.
    func summary() throws -> String { try jobs.result("health-check")["summary"] ?? "" }

    /// What is in the spool, the oldest first: `web opened`.
    func events() throws -> [String] {
        try spool().map { "\($0["Subject"] ?? "") \($0["Event"] ?? "")" }
    }

    /// The header of each event, the oldest first, and its text under the key `Text`.
    func spool() throws -> [[String: String]] {
        let all = try wholeSpool()
        let incidents = Set(all.filter { $0["Event"] != "closed" }.map { $0["Incident"] })
        return all.filter { incidents.contains($0["Incident"]) }
    }

    /// Of what the job said that nothing is open, the oldest first: ends of incidents that had no beginning.
    func disclaimed() throws -> [String] {
        let told = try spool()
        return try wholeSpool().filter { !told.contains($0) }.map { $0["Subject"] ?? "" }
    }

    private func wholeSpool() throws -> [[String: String]] {
        try files(in: "\(jobs.state)/jobs/incidents").map { text in
            let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
            let pairs = parts[0].split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
            let header = pairs.map { ($0[0], $0.count > 1 ? String($0[1].dropFirst()) : "") }
            return Dictionary(header) { $1 }.merging(["Text": parts.count > 1 ? parts[1] : ""]) { $1 }
        }
    }

    /// Complete mails, the oldest first.
    func mails() throws -> [String] { try files(in: "\(jobs.state)/mail").filter { !$0.isEmpty } }

    /// Without stack and host, which all have.
    func subjects() throws -> [String] {
        try mails().map { mail in
            let subject = String(mail.prefix { $0 != "\n" })
            #expect(subject.hasPrefix("[\(stack)@vsn1] "))
            return String(subject.dropFirst("[\(stack)@vsn1] ".count))
        }
    }

    private func files(in directory: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map {
            try content("\(directory)/\($0)")
        }
    }

    /// Moves a time that the job remembers into the past, by seconds.
    func backdate(_ key: String, of container: String, by seconds: Int) throws {
        let lines = try content("\(memory(of: container))/state").split(separator: "\n").map(String.init)
        let index = try #require(lines.firstIndex { $0.hasPrefix("\(key)=") })
        let time = try #require(Int(lines[index].dropFirst(key.count + 1)))
        var changed = lines
        changed[index] = "\(key)=\(time - seconds)"
        let text = changed.joined(separator: "\n") + "\n"
        try jobs.fixture.scratch.write(text, to: "state/jobs/health/\(container)/state")
    }

    func memory(of container: String) -> String { "\(jobs.state)/jobs/health/\(container)" }
}

extension HealthJobBench {
    /// Starts container `name` of the stack, as Fairlead would, with `command` in place of the image's web server.
    func start(
        _ name: String, _ command: String..., mounting volumes: [String] = [], options more: [String] = [],
        in sandbox: PodmanSandbox
    ) async throws {
        let options = [
            "--name", "\(stack)-\(name)", "--network", stack, "--label", "io.fairlead.stack=\(stack)", "--restart",
            "unless-stopped", "--init=false", "--stop-timeout", "1",
        ]
        try await sandbox.podman(
            ["run", "--detach"] + options + more + volumes.map { "--volume=\($0)" } + ["web:1"] + command)
    }

    /// What the engine says of container `name`.
    func state(_ name: String, _ format: String, in sandbox: PodmanSandbox) async throws -> String {
        try await sandbox.podman("container", "inspect", "--format", format, "\(stack)-\(name)")
    }

    func startedAt(_ name: String, in sandbox: PodmanSandbox) async throws -> String {
        try await state(name, "{{.State.StartedAt}}", in: sandbox)
    }

    /// Runs a shell line in container `name`.
    @discardableResult
    func shell(_ name: String, _ line: String, in sandbox: PodmanSandbox) async throws -> String {
        try await sandbox.podman("exec", "\(stack)-\(name)", "/bin/sh", "-c", line)
    }
}

extension ContainerPlan {
    /// Of the test image, with a health check.
    static func checked(
        _ check: HealthCheck?, liveness: HealthCheck? = nil, timeout: PlanDuration = .seconds(20),
        startPeriod: PlanDuration = .seconds(0), restart: Bool = true, dependsOn: [String] = []
    ) -> Self {
        var plan = container()
        plan.health = check.map {
            HealthPlan(check: $0, timeout: timeout, startPeriod: startPeriod, restart: restart)
        }
        plan.liveness = liveness.map { LivenessPlan(check: $0, timeout: timeout) }
        plan.dependsOn = dependsOn
        plan.stopTimeout = .seconds(1)
        return plan
    }
}

extension HealthCheck {
    /// The page that the test image serves.
    static let page = HealthCheck.http(HTTPCheck(port: 8080, path: "/version"))
    /// Healthy as long as there is no file `/tmp/sick` in the container.
    static let notSick = HealthCheck.command(["/bin/sh", "-c", "test ! -e /tmp/sick"])
}
