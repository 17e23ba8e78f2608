import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@testable import Backup

@Suite(
    "J6: the files of the running release are kept on the host for the containers that mount them",
    .enabled(if: mustRun || BackedUpHost.unavailable == nil))
struct KeptReleaseTests {
    /// A vendor with three files of version 1.0.0, and a container that mounts `paths`.
    private func host(_ paths: [String], _ body: (inout BackedUpHost) async throws -> Void) async throws {
        try await BackedUpHost.with { host in
            _ = try host.tree("notes", "docs/a b.txt", "read me")
            _ = try host.tree("notes", "docs/deep/c.txt", "and me")
            let tree = try host.tree("notes", "licence", "none")
            try await host.useVendor(files: tree)
            host.mount(paths)
            try await body(&host)
        }
    }

    @Test("what is mounted is fetched and no other file, for every user to read, and once")
    func fetched() async throws {
        try await host(["docs"]) { host in
            #expect(try await host.prepare() == ["release 1.0.0: fetched 2 files (13 B) from the vendor"])
            #expect(try content(host.kept("docs/a b.txt")) == "read me")
            #expect(try content(host.kept("docs/deep/c.txt")) == "and me")
            #expect(!FileManager.default.fileExists(atPath: host.kept("licence")))
            for path in ["", "/docs", "/docs/deep"] {
                #expect(mode("\(host.kept(""))\(path)") == 0o755, "\(path)")
            }
            #expect(mode(host.kept("docs/a b.txt")) == 0o644)
            #expect(mode("\(host.fixture.configuration.stateDirectory)/releases") == 0o700)
            #expect(host.releases() == ["1.0.0"])

            // From now on nobody is asked, unless another file is mounted.
            try FileManager.default.removeItem(atPath: host.vendorStore)
            #expect(try await host.prepare() == [])
            host.mount(["docs", "licence"])
            let error = await #expect(throws: HostError.self) { try await host.prepare() }
            #expect(error?.disposition == .transient)
        }
    }

    @Test("what is damaged on the host is fetched again, from the customer's copy where the vendor is gone")
    func damaged() async throws {
        try await host(["."]) { host in
            for delivery in await Backups(host: host.fixture.host).deliverRelease(
                of: host.plan, to: ["nas"], secrets: Secrets())
            {
                #expect(delivery.failure == nil)
            }
            try FileManager.default.removeItem(atPath: host.vendorStore)
            #expect(try await host.prepare() == ["release 1.0.0: fetched 3 files (17 B) from 'nas'"])
            for damage in [
                "echo READ me >'docs/a b.txt'", "rm docs/a*", ": >licence", "ln -sf /etc/passwd licence",
                "rm -r docs; ln -s / docs",
                "rm licence; mkdir -p licence/x", "rm -r docs; : >docs", "rm ../SHA256SUMS.sig", "echo >>../SHA256SUMS",
            ] {
                _ = try await Command("/bin/sh", ["-c", "cd \"$0\" && \(damage)", host.kept("")]).run()
                let told = try await host.prepare()
                #expect(told.last?.hasSuffix("from 'nas'") == true, "\(damage): \(told)")
                #expect(try content(host.kept("docs/a b.txt")) == "read me", "\(damage)")
                #expect(try content(host.kept("docs/deep/c.txt")) == "and me", "\(damage)")
                #expect(try content(host.kept("licence")) == "none", "\(damage)")
                #expect(try await host.prepare() == [])
            }
            // Without any storage what is damaged is never mounted.
            try FileManager.default.removeItem(atPath: host.store)
            try Data("evil".utf8).write(to: URL(filePath: host.kept("licence")))
            let error = await #expect(throws: HostError.self) { try await host.prepare() }
            #expect(error?.disposition == .transient)
        }
    }

    @Test("what the vendor did not sign, or does not have, is refused with the reason")
    func refused() async throws {
        try await host(["."]) { host in
            let files = "\(host.vendorStore)/releases/1.0.0/files"
            for (change, reason, undo) in [
                ("echo NONE >licence", "'licence' is not the one that was signed", "printf none >licence"),
                ("rm licence", "'licence' is missing", "printf none >licence"),
                ("rm licence; ln -s /etc/passwd licence", "'licence' is missing", "rm licence; printf none >licence"),
                (
                    "sed -i s/1.0.0/1.0.1/ SHA256SUMS", "none of the vendor's 'signers'",
                    "sed -i s/1.0.1/1.0.0/ SHA256SUMS"
                ),
                ("mv SHA256SUMS.sig x", "it is not signed", "mv x SHA256SUMS.sig"),
                ("mv SHA256SUMS x", "it has no signed files of version 1.0.0", "mv x SHA256SUMS"),
            ] {
                _ = try await Command("/bin/sh", ["-c", "cd \"$0\" && \(change)", files]).run()
                let error = await #expect(throws: HostError.self) { try await host.prepare() }
                #expect(error?.message.contains(reason) == true, "\(change): \(error as Any)")
                #expect(error?.disposition == .permanent, "\(change)")
                #expect(!FileManager.default.fileExists(atPath: host.kept("licence")), "\(change)")
                _ = try await Command("/bin/sh", ["-c", "cd \"$0\" && \(undo)", files]).run()
            }
            #expect(try await host.prepare().count == 1)
        }
    }

    @Test("a path that the release does not have is an error with the closest one")
    func unknownPath() async throws {
        try await host(["doc"]) { host in
            let error = await #expect(throws: HostError.self) { try await host.prepare() }
            #expect(error?.message.contains("the vendor's release 1.0.0 has no file 'doc'") == true, "\(error as Any)")
            #expect(error?.hint == "did you mean 'docs'?")
            #expect(error?.disposition == .permanent)
        }
    }

    @Test("what arrived whole before a failure is not fetched again")
    func resumed() async throws {
        try await host(["."]) { host in
            let files = "\(host.vendorStore)/releases/1.0.0/files"
            try Data("NONE".utf8).write(to: URL(filePath: "\(files)/licence"))
            _ = await #expect(throws: HostError.self) { try await host.prepare() }
            // Had it to be fetched again, this would be noticed.
            try Data("READ ME".utf8).write(to: URL(filePath: "\(files)/docs/a b.txt"))
            try Data("none".utf8).write(to: URL(filePath: "\(files)/licence"))
            #expect(try await host.prepare() == ["release 1.0.0: fetched 1 file (4 B) from the vendor"])
            #expect(try content(host.kept("docs/a b.txt")) == "read me")
            #expect(host.releases() == ["1.0.0"])
        }
    }

    @Test("without room nothing is fetched, and it is tried again later")
    func full() async throws {
        try await host(["."]) { host in
            host.fixture.configuration.minimumFreeSpace = ByteCount(bytes: 1 << 60)
            let error = await #expect(throws: HostError.self) { try await host.prepare() }
            #expect(error?.message.hasPrefix("there is no room for the vendor's files of version 1.0.0") == true)
            #expect(error?.disposition == .transient)
            #expect(host.releases() == [])
        }
    }

    @Test("keys that the plan trusts no more are asked for again; a version goes when nothing needs it")
    func trust() async throws {
        try await host(["docs"]) { host in
            _ = try await host.prepare()
            let own = try content("\(host.fixture.configuration.signingKey).pub").split(separator: " ").prefix(2)
            host.plan.backup?.vendor?.signers = [own.joined(separator: " ")]
            let error = await #expect(throws: HostError.self) { try await host.prepare() }
            #expect(error?.message.contains("its signature is of none of the vendor's 'signers'") == true)
            let store = ReleaseFileStore(host: host.fixture.host)
            try host.fixture.scratch.write("", to: "state/releases/.0.9.0.partial/x")
            try await store.keepReleaseFiles(of: ["1.0.0"])
            #expect(host.releases() == ["1.0.0"])
            try await store.keepReleaseFiles(of: [])
            #expect(host.releases() == [])
        }
    }
}

extension BackedUpHost {
    /// Of container `web`, below `/release`.
    fileprivate mutating func mount(_ paths: [String]) {
        plan.containers["web"]?.volumes = paths.map {
            VolumePlan(source: .release($0), target: "/release/\($0)", readOnly: true)
        }
    }

    /// What step 1 does; returns what it tells.
    @discardableResult
    fileprivate func prepare() async throws -> [String] {
        let notes = Notes()
        try await ReleaseFileStore(host: fixture.host)
            .prepareReleaseFiles(for: ["web"], of: plan, secrets: Secrets()) { notes.add($0) }
        return notes.all
    }

    fileprivate func kept(_ path: String) -> String {
        let directory = "\(fixture.configuration.stateDirectory)/releases/1.0.0/files"
        return path.isEmpty ? directory : "\(directory)/\(path)"
    }

    fileprivate func releases() -> [String] {
        let directory = "\(fixture.configuration.stateDirectory)/releases"
        return ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted()
    }
}
