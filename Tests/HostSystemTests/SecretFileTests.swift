import Files
import Foundation
import HostSupport
import HostSystem
import Model
import TestSupport
import Testing

@Suite("Secret files")
struct SecretFileTests {
    private let key = SecretFilePlan(secret: "tls-key", target: "/etc/tls/key")

    @Test(
        "are written for their owner only, in directories for root only", .enabled(if: isRoot || mustRun, "needs root"))
    func written() async throws {
        let fixture = try HostFixture()
        var owned = key
        owned.target = "/other"
        owned.owner = FileOwner(user: 999, group: 998)
        owned.mode = FileMode(bits: 0o440)
        let paths = try await fixture.host.writeSecretFiles(
            for: plan(["web": container(secretFiles: [key, owned])]), secrets: Secrets(["tls-key": "s3cret\n"]))
        let (first, second) = (try #require(paths["web"]?[key.target]), try #require(paths["web"]?[owned.target]))
        #expect(first != second)
        #expect(try [first, second].map(content) == ["s3cret\n", "s3cret\n"])
        #expect(attributes(first).prefix(3) == [0o100400, 0, 0])
        #expect(attributes(second).prefix(3) == [0o100440, 999, 998])
        for directory in ["/run", "/run/secrets", "/run/secrets/web"] {
            #expect(mode(fixture.scratch.path + directory) == 0o700)
        }
    }

    @Test(
        "belong to whom their owner in the container is on the host, where it has user ids of its own",
        .enabled(if: isRoot || mustRun, "needs root"))
    func namespaced() async throws {
        let fixture = try HostFixture()
        var web = container(secretFiles: [key])
        web.userns = .private
        var owned = key
        owned.owner = FileOwner(user: 999, group: 998)
        var database = container(secretFiles: [owned])
        database.userns = .private
        let wanted = plan(["web": web, "database": database, "plain": container(secretFiles: [owned])])
        let ranges = wanted.idRanges
        #expect(ranges.keys.sorted() == ["database", "web"])
        let paths = try await fixture.host.writeSecretFiles(for: wanted, secrets: Secrets(["tls-key": "s3cret"]))
        func owners(_ name: String) throws -> [Int] {
            attributes(try #require(paths[name]?[key.target])).prefix(3).dropFirst().map { Int($0) }
        }
        let (own, other) = (Int(try #require(ranges["web"]).first), Int(try #require(ranges["database"]).first))
        #expect(try owners("web") == [own, own])
        #expect(try owners("database") == [other + 999, other + 998])
        #expect(try owners("plain") == [999, 998])

        database.secretFiles[0].owner = FileOwner(user: 70_000, group: 0)
        await #expect(throws: HostError.self) {
            _ = try await fixture.host.writeSecretFiles(
                for: plan(["database": database]), secrets: Secrets(["tls-key": "s3cret"]))
        }
    }

    @Test("one that is unchanged stays the same file, a rotated one is replaced")
    func rotated() async throws {
        let fixture = try HostFixture()
        let wanted = plan(["web": container(secretFiles: [key])])
        func write(_ value: String) async throws -> String {
            try #require(
                try await fixture.host.writeSecretFiles(for: wanted, secrets: Secrets(["tls-key": value]))["web"]?[
                    key.target])
        }
        let path = try await write("one")
        let before = attributes(path)
        #expect(try await write("one") == path && attributes(path) == before)
        #expect(try await write("two") == path && attributes(path) != before)
        #expect(try content(path) == "two")
        #expect(try await write("") == path)
        #expect(try content(path).isEmpty)
    }

    @Test("those that the plan no longer mounts are removed, with what a crash left behind")
    func stale() async throws {
        let fixture = try HostFixture()
        let secrets = Secrets(["tls-key": "x"])
        var second = key
        second.target = "/second"
        _ = try await fixture.host.writeSecretFiles(
            for: plan(["web": container(secretFiles: [key, second]), "old": container(secretFiles: [key])]),
            secrets: secrets)
        try fixture.scratch.write("x", to: "run/secrets/web/.tls-key.half")
        let kept = try await fixture.host.writeSecretFiles(
            for: plan(["web": container(secretFiles: [key])]), secrets: secrets)
        let files = try #require(FileManager.default.enumerator(atPath: fixture.scratch.path + "/run/secrets"))
        let left = files.compactMap { $0 as? String }.sorted()
        let name = try #require(kept["web"]?[key.target]).split(separator: "/").last ?? ""
        #expect(left == ["web", "web/\(name)"])
        #expect(try await fixture.host.writeSecretFiles(for: plan(["web": container()]), secrets: secrets) == [:])
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.scratch.path + "/run/secrets") == [])
    }

    @Test("a secret that does not exist is an error that names it")
    func missing() async throws {
        let fixture = try HostFixture()
        let error = await #expect(throws: HostError.self) {
            try await fixture.host.writeSecretFiles(
                for: plan(["web": container(secretFiles: [key])]), secrets: Secrets())
        }
        #expect(error?.message.contains("'tls-key'") == true)
    }

    @Test(
        "a full file system leaves the old content whole and no temporary file",
        .enabled(if: isRoot || mustRun, "needs root"))
    func full() async throws {
        var fixture = try HostFixture()
        try await withTmpfs(size: "64k", in: fixture.scratch) { path in
            fixture.configuration.runtimeDirectory = path
            let host = fixture.host
            let wanted = plan(["web": container(secretFiles: [key])])
            let written = try await host.writeSecretFiles(for: wanted, secrets: Secrets(["tls-key": "old"]))
            let file = try #require(written["web"]?[key.target])
            let huge = Secrets(["tls-key": String(repeating: "canary", count: 50_000)])
            let error = await #expect(throws: HostError.self) {
                try await host.writeSecretFiles(for: wanted, secrets: huge)
            }
            #expect(error?.disposition == .transient && error?.description.contains("canary") == false)
            #expect(try content(file) == "old")
            #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/secrets/web").count == 1)
        }
    }
}
