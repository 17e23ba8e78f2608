internal import Foundation
internal import Processes

/// A PostgreSQL in a container, by whomever it was started, that tests write to and check.
///
/// What is written are pgbench's transfers of money: whichever of them a copy of the database has, the balances of
/// accounts, tellers and branches and the sum of the history agree, and no transfer that was committed before is missing.
public struct PostgresDatabase: Sendable {
    public let sandbox: PodmanSandbox
    /// The container's name.
    public let name: String

    public init(_ name: String, in sandbox: PodmanSandbox) {
        self.sandbox = sandbox
        self.name = name
    }

    /// Starts a container of the sandbox's own on `data`, which is made when it does not exist, and waits for it.
    public static func start(_ name: String, data: String, in sandbox: PodmanSandbox) async throws -> PostgresDatabase {
        let image = "localhost/database:1"
        if try await sandbox.podman("images", "--quiet", image).isEmpty { try await PostgresImage.load(into: sandbox) }
        if !FileManager.default.fileExists(atPath: data) {
            try TestProgram("install", ["-d", "-o", "999", "-g", "999", "-m", "700", data]).run()
        }
        try await sandbox.podman(
            "run", "--detach", "--name", name, "--network", "none", "--volume", "\(data):/var/lib/postgresql/data",
            "--env", "POSTGRES_PASSWORD=canary-postgres", image)
        let database = PostgresDatabase(name, in: sandbox)
        try await database.waitUntilReady()
        return database
    }

    /// Answers queries from then on.
    public func waitUntilReady() async throws {
        let end = ContinuousClock.now + .seconds(180)
        while (try? await execute("pg_isready", "--quiet")) == nil {
            guard ContinuousClock.now < end else {
                let log = (try? await sandbox.podman("logs", "--tail", "5", name)) ?? ""
                throw PodmanSandboxError(description: "the database '\(name)' is not ready after 180 s: \(log)")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Makes the tables: of `scale` 1 they have 25 MB, of 10 some 170 MB.
    public func fill(scale: Int = 1) async throws {
        try await execute("pgbench", "--quiet", "--initialize", "--init-steps=dtgvpf", "--scale=\(scale)")
    }

    /// Writes for as long as `body` runs, with `clients` connections.
    ///
    /// In a container that is paused it waits; in one that is stopped it ends.
    public func underLoad<Result>(clients: Int = 2, _ body: () async throws -> Result) async throws -> Result {
        let before = try await transfers()
        try await sandbox.podman(
            "exec", "--detach", name, "pgbench", "--no-vacuum", "--client=\(clients)", "--time=900")
        while try await transfers() < before + 20 { try await Task.sleep(for: .milliseconds(50)) }
        let result: Result
        do {
            result = try await body()
        } catch {
            await endLoad()
            throw error
        }
        await endLoad()
        return result
    }

    /// How many are committed.
    public func transfers() async throws -> Int {
        try await Int(query("SELECT count(*) FROM pgbench_history")) ?? 0
    }

    /// What is wrong with it; empty when nothing is. `transfers` is how many must not be missing.
    public func problems(transfers expected: Int = 0) async -> [String] {
        var problems: [String] = []
        for check in [checkStructure, checkBalances] {
            do {
                problems += try await check()
            } catch {
                problems.append("\(error)")
            }
        }
        let found = (try? await transfers()) ?? 0
        return found < expected ? problems + ["\(found) transfers of at least \(expected)"] : problems
    }

    /// Every table and index, page by page.
    private func checkStructure() async throws -> [String] {
        let words = ["pg_amcheck", "--install-missing", "--heapallindexed", "--database=postgres"]
        let result = try await command(words).runToEnd()
        return result.status == 0 ? [] : ["pg_amcheck: \(result.text) \(result.errorTail)"]
    }

    private func checkBalances() async throws -> [String] {
        let sums = try await query(
            """
            SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(tbalance) FROM pgbench_tellers),
                   (SELECT sum(bbalance) FROM pgbench_branches), (SELECT coalesce(sum(delta), 0) FROM pgbench_history)
            """
        ).split(separator: "|")
        return sums.count == 4 && Set(sums).count == 1 ? [] : ["balances differ: \(sums)"]
    }

    /// The answer without decoration, columns separated by `|`.
    public func query(_ statement: String) async throws -> String {
        try await execute("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command", statement).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func endLoad() async {
        _ = try? await query(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'pgbench'")
    }

    @discardableResult
    private func execute(_ words: String...) async throws -> CommandResult { try await command(words).run() }

    private func command(_ words: [String]) throws -> Command {
        guard let podman = Command.find("podman") else { throw PodmanSandboxError(description: "no podman") }
        return Command(podman, ["exec", name] + words, environment: sandbox.environment, deadline: .seconds(300))
    }
}
