import Foundation
import HostSupport
import TestSupport
import Testing

@Suite("The PostgreSQL of the tests", .enabled(if: PostgresImage.unavailable == nil))
struct PostgresDatabaseTests {
    @Test(
        "a copy of the paused database has every transfer; a missing one, a wrong balance and a damaged page are found")
    func copies() async throws {
        try await PodmanSandbox.with { sandbox in
            let (data, copy) = ("\(sandbox.root)/data", "\(sandbox.root)/copy")
            let database = try await PostgresDatabase.start("\(sandbox.id)-database", data: data, in: sandbox)
            try await database.fill()
            let transfers = try await database.underLoad {
                let transfers = try await database.transfers()
                try await sandbox.podman("pause", database.name)
                try await tool("cp", "-a", data, copy)
                try await sandbox.podman("unpause", database.name)
                return transfers
            }
            #expect(await database.problems(transfers: transfers) == [])

            let restored = try await PostgresDatabase.start("\(sandbox.id)-copy", data: copy, in: sandbox)
            #expect(await restored.problems(transfers: transfers) == [])
            #expect(
                await restored.problems(transfers: 1 << 40).map { $0.hasSuffix("of at least \(1 << 40)") } == [true])
            _ = try await restored.query("UPDATE pgbench_tellers SET tbalance = tbalance + 1 WHERE tid = 1")
            #expect(await restored.problems().map { $0.hasPrefix("balances differ") } == [true])

            let table = try await restored.query("SELECT pg_relation_filepath('pgbench_accounts')")
            try await sandbox.podman("stop", restored.name)
            let file = "\(copy)/\(table)"
            try await tool("dd", "if=/dev/urandom", "of=\(file)", "bs=8k", "seek=10", "count=1", "conv=notrunc")
            try await sandbox.podman("start", restored.name)
            try await restored.waitUntilReady()
            #expect(await restored.problems().first?.hasPrefix("pg_amcheck") == true)
        }
    }
}
